import sharp from 'sharp'
import t from 'tap'
import type { Ratio, RowResult } from '../../bench/harness/row.ts'
import { isReached, median, ratioOf } from '../../bench/harness/statistics.ts'
import { renderChart } from '../../bench/report/chart.ts'
import { renderMarkdown, renderRatios } from '../../bench/report/markdown.ts'
import type { Report } from '../../bench/report/report.ts'

const GREEN = '#2e7d32'
const RED = '#c62828'

const rowOf = (title: string, ratios: Ratio[]): RowResult => ({
  id: title,
  title,
  contestants: [],
  ratios,
  facts: []
})

const reportOf = (rows: RowResult[]): Report => ({
  date: '2026-01-02 03:04',
  commit: 'abc1234',
  machine: { cpu: 'A CPU', cores: 2, memoryGb: 4, system: 'Linux 6' },
  versions: { node: '24.0.0' },
  method: { client: 'wrk 4', pinning: 'no pinning', rounds: 3, seconds: 5, quick: false },
  rows
})

const ratio = (label: string, median: number, target?: Ratio['target']): Ratio => ({
  label,
  median,
  low: median / 2,
  high: median * 2,
  ...(target && { target })
})

t.test('the median is the middle value, or the mean of the two in the middle', async (t) => {
  const cases: [values: number[], expected: number][] = [
    [[5], 5],
    [[3, 1, 2], 2],
    [[10, 9, 100], 10],
    [[4, 1], 2.5],
    [[1, 100, 2, 3], 2.5]
  ]
  for (const [values, expected] of cases) {
    const before = [...values]
    t.equal(median(values), expected, `of [${values}]`)
    t.strictSame(values, before, 'and the values stay as they are')
  }
})

t.test('a ratio is taken round by round', async (t) => {
  // The ratio of the medians would be 20 / 10.
  const target = { atLeast: 1.5 }
  t.strictSame(ratioOf('ours by theirs', [10, 20, 90], [10, 5, 30], target), {
    label: 'ours by theirs',
    median: 3,
    low: 1,
    high: 4,
    target
  })
  t.strictSame(ratioOf('without a target', [1, 3], [2, 2]), {
    label: 'without a target',
    median: 1,
    low: 0.5,
    high: 1.5
  })
})

t.test('a ratio of no rounds is no number and reaches nothing', async (t) => {
  for (const target of [{ atLeast: 0 }, { atMost: 9 }]) {
    const one = ratioOf('x', undefined, [1], target)
    t.ok(Number.isNaN(one.median))
    t.equal(isReached(one), false)
  }
})

t.test('a target is reached at its very value and on its good side', async (t) => {
  const cases: [median: number, target: Ratio['target'], expected: boolean | undefined][] = [
    [1.5, { atLeast: 1.5 }, true],
    [1.6, { atLeast: 1.5 }, true],
    [1.49, { atLeast: 1.5 }, false],
    [1.5, { atMost: 1.5 }, true],
    [1.4, { atMost: 1.5 }, true],
    [1.51, { atMost: 1.5 }, false],
    [1, undefined, undefined]
  ]
  for (const [value, target, expected] of cases) {
    t.equal(isReached(ratio('x', value, target)), expected, `${value} of ${JSON.stringify(target)}`)
  }
})

t.test('the table of ratios says which were reached and which missed', async (t) => {
  const table = renderRatios([
    rowOf('Reads', [ratio('by Django', 2, { atLeast: 1.5 }), ratio('p99', 1.239, { atMost: 1.1 })]),
    rowOf('Nothing', []),
    rowOf('Start', [ratio('by bare', 0.5)])
  ])
  t.strictSame(table.split('\n'), [
    '| ratio | median | range | target | |',
    '|---|---|---|---|---|',
    '| Reads: by Django | 2.00 | 1.00–4.00 | ≥ 1.5 | reached |',
    '| Reads: p99 | 1.24 | 0.62–2.48 | ≤ 1.1 | **missed** |',
    '| Start: by bare | 0.50 | 0.25–1.00 |  |  |'
  ])
})

t.test('the page has the figures of each contestant as a median with its range, and the facts', async (t) => {
  const row: RowResult = {
    ...rowOf('Reads', [ratio('by Django', 2, { atLeast: 1.5 })]),
    contestants: [
      { name: 'ours', note: 'SQLite', samples: { requestsPerSecond: [300, 100, 200], p50Ms: [1, 2] } },
      { name: 'Django', samples: { requestsPerSecond: [50] } }
    ],
    facts: [{ label: 'bytes a user', value: '120' }]
  }
  const page = renderMarkdown(reportOf([row]), 'chart.svg')
  const lines = page.split('\n')
  for (const line of [
    '# Benchmark of 2026-01-02 03:04 UTC',
    '![Ratios](chart.svg)',
    '## Reads',
    '| | a second | p50 ms |',
    '|---|---:|---:|',
    '| ours (SQLite) | 200 (100–300) | 1.5 (1.0–2.0) |',
    '| Django | 50.0 (50.0–50.0) |  |',
    '- bytes a user: 120'
  ])
    t.ok(lines.includes(line), line)
  t.ok(page.includes(renderRatios([row])))
})

t.test('the chart is a picture with a bar for each ratio that has a target', async (t) => {
  const rows = [
    rowOf('Reads', [ratio('a', 2, { atLeast: 1 }), ratio('b', 1), ratio('c', 0.5, { atLeast: 1 })]),
    rowOf('Writes', [ratio('d', 0.2, { atMost: 0.4 }), ratio('e', 1000, { atMost: 0.4 })])
  ]
  const svg = renderChart(reportOf(rows))
  const bars = [...svg.matchAll(/<rect x="\d+" y="[\d.]+" width="([\d.]+)" height="18" fill="(.+?)"\/>/g)]
  t.strictSame(
    bars.map(([, width, fill]) => [width, fill]),
    // One that is at its target would end in the middle of these 290 units.
    [
      ['290.0', GREEN],
      ['72.5', RED],
      ['72.5', GREEN],
      ['290.0', RED]
    ]
  )
  for (const text of ['Reads: a', 'Reads: c', 'Writes: d', 'Writes: e', '2.00 (≥ 1)', '0.20 (≤ 0.4)']) {
    t.ok(svg.includes(`>${text}</text>`), text)
  }
  t.notOk(svg.includes('Reads: b'))
  // Its parser takes well-formed XML only.
  t.match(await sharp(Buffer.from(svg)).metadata(), { format: 'svg', width: 1080, height: 6 * 26 })
})

t.test('a chart stays well-formed whatever its texts hold, and without any bar', async (t) => {
  const svg = renderChart(reportOf([rowOf('A & B', [ratio('p99 < "2" > &lt; </text>', 1, { atMost: 1 })])]))
  t.ok(svg.includes('>A &amp; B: p99 &lt; "2" > &amp;lt; &lt;/text></text>'))
  for (const one of [svg, renderChart(reportOf([]))]) {
    t.equal((await sharp(Buffer.from(one)).metadata()).format, 'svg')
    await sharp(Buffer.from(one)).png().toBuffer()
  }
  await t.rejects(
    sharp(Buffer.from(svg.replace('&amp;', '&')))
      .png()
      .toBuffer()
  )
})
