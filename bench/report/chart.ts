import type { Ratio } from '../harness/row.ts'
import { isReached } from '../harness/statistics.ts'
import { target } from './markdown.ts'
import type { Report } from './report.ts'

const WIDTH = 1080
const LABELS = 640
const LINE = 26
const BARS = WIDTH - LABELS - 150
/** Where the target is drawn, whatever it is: a bar shows how its ratio stands to its own target. */
const TARGET_AT = 0.5
const COLOURS = { true: '#2e7d32', false: '#c62828' } as const

/** The ratios that have a target, each as a bar against it. */
export function renderChart({ date, rows }: Report): string {
  const entries = rows.flatMap(({ title, ratios }) =>
    ratios.flatMap((ratio) => (ratio.target ? [{ title, ratio, target: ratio.target }] : []))
  )
  const height = (entries.length + 2) * LINE
  const bars = entries.map(({ title, ratio, target: goal }, index) => {
    const limit = 'atLeast' in goal ? goal.atLeast : goal.atMost
    const y = (index + 1.4) * LINE
    const length = BARS * Math.min(1, (ratio.median / limit) * TARGET_AT)
    const text = `${escapeXml(title)}: ${escapeXml(ratio.label)}`
    return `<text x="${LABELS - 8}" y="${y + 13}" text-anchor="end">${text}</text>
<rect x="${LABELS}" y="${y}" width="${length.toFixed(1)}" height="18" fill="${colourOf(ratio)}"/>
<text x="${WIDTH - 142}" y="${y + 13}">${ratio.median.toFixed(2)} (${escapeXml(target(ratio))})</text>`
  })
  const line = LABELS + BARS * TARGET_AT
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"
  font-family="system-ui, sans-serif" font-size="11" fill="#222">
<title>Ratios of the benchmark of ${date} against their targets</title>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text x="${line}" y="20" text-anchor="middle">target</text>
${bars.join('\n')}
<line x1="${line}" y1="26" x2="${line}" y2="${height - 12}" stroke="#222" stroke-dasharray="4 3"/>
</svg>
`
}

const colourOf = (ratio: Ratio) => COLOURS[isReached(ratio) ? 'true' : 'false']

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
