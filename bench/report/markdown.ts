import type { Contestant, Ratio, RowResult, Target } from '../harness/row.ts'
import { isReached, median } from '../harness/statistics.ts'
import type { Report } from './report.ts'

/** The whole report, as a page. */
export function renderMarkdown(report: Report, chart: string): string {
  const { date, commit, machine, versions, method, rows } = report
  const versionList = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    `# Benchmark of ${date} UTC`,
    '',
    `Commit ${commit}. ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}.`,
    `${versionList.join(', ')}.`,
    '',
    `Load by ${method.client}, a closed loop; ${method.pinning}. ${method.rounds} interleaved rounds of ` +
      `${method.seconds} s after warming up${method.quick ? ', **a quick run: not for its figures**' : ''}. Logs go ` +
      'to /dev/null. A ratio is the median of the ratios of the rounds, with the lowest and the highest; a figure is ' +
      'the median of the rounds, with their range.',
    '',
    `![Ratios](${chart})`,
    '',
    renderRatios(rows),
    '',
    ...rows.flatMap(renderRow)
  ].join('\n')
}

/** All ratios with their targets, and whether they were reached. */
export function renderRatios(rows: readonly RowResult[]): string {
  const lines = rows.flatMap(({ title, ratios }) =>
    ratios.map((ratio) => {
      const { label, low, high } = ratio
      const verdict = { true: 'reached', false: '**missed**', undefined: '' }[String(isReached(ratio))]
      return `| ${title}: ${label} | ${ratio.median.toFixed(2)} | ${range(low, high, 2)} | ${target(ratio)} | ${verdict} |`
    })
  )
  return ['| ratio | median | range | target | |', '|---|---|---|---|---|', ...lines].join('\n')
}

const range = (low: number, high: number, digits: number) => `${low.toFixed(digits)}–${high.toFixed(digits)}`

export function target({ target }: Ratio): string {
  return target ? describeTarget(target) : ''
}

const describeTarget = (target: Target) =>
  'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`

function renderRow({ title, contestants, facts }: RowResult): string[] {
  const units = [...new Set(contestants.flatMap(({ samples }) => Object.keys(samples)))]
  const table = [
    `| | ${units.map(headingOf).join(' | ')} |`,
    `|---|${units.map(() => '---:|').join('')}`,
    ...contestants.map((contestant) => renderContestant(contestant, units))
  ]
  return [
    `## ${title}`,
    '',
    ...(contestants.length > 0 ? [...table, ''] : []),
    ...facts.map(({ label, value }) => `- ${label}: ${value}`),
    ...(facts.length > 0 ? [''] : [])
  ]
}

const HEADINGS: Record<string, string> = {
  requestsPerSecond: 'a second',
  p50Ms: 'p50 ms',
  p99Ms: 'p99 ms',
  milliseconds: 'ms',
  usersPerSecond: 'users a second',
  megabytes: 'MB at most'
}

const headingOf = (unit: string) => HEADINGS[unit] ?? unit

function renderContestant({ name, note, samples }: Contestant, units: readonly string[]): string {
  const cells = units.map((unit) => {
    const values = samples[unit] ?? []
    if (values.length === 0) return ''
    const digits = Math.max(...values) < 100 ? 1 : 0
    const middle = median(values).toFixed(digits)
    return `${middle} (${range(Math.min(...values), Math.max(...values), digits)})`
  })
  return `| ${note ? `${name} (${note})` : name} | ${cells.join(' | ')} |`
}
