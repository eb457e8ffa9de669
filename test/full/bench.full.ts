import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const BENCH = fileURLToPath(new URL('../../bench/run.ts', import.meta.url))
const ROWS = [
  'json-update',
  'json-update-silent',
  'profile-read',
  'fifteen-lines',
  'sign-in',
  'import-django',
  'postgres-update',
  'postgres-sizes',
  'pages'
]

// Whether it works, not how fast anything is.
t.test('the benchmark runs, and writes its figures as JSON, Markdown and a chart', async (t) => {
  const out = t.testdir()
  const args = [BENCH, '--quick', '--rows', 'update,read,naive,sign-in,import,postgres,pages', '--out', out]
  const stdout = execFileSync(process.execPath, args, {
    encoding: 'utf8',
    // What it says on the way is shown where it fails.
    stdio: 'pipe'
  })
  t.match(stdout, /\| JSON update, durable, logging as by default: updates\/s ÷ no database \| \d+\.\d\d \|/)

  const files = readdirSync(out).sort()
  t.strictSame(
    files.map((name) => name.split('.').at(-1)),
    ['json', 'md', 'svg']
  )
  const [json = '', markdown = '', chart = ''] = files.map((name) => readFileSync(`${out}/${name}`, 'utf8'))
  const report = JSON.parse(json)
  t.match(report.method.client, /^wrk /, 'the compiled client was found')
  t.strictSame(
    report.rows.map(({ id }: { id: string }) => id),
    ROWS
  )
  for (const { contestants, ratios } of report.rows) {
    for (const { name, samples } of contestants)
      for (const [unit, values] of Object.entries<number[]>(samples))
        t.ok(Number(values[0]) > 0, `${name}: ${unit}`)
    for (const { label, median } of ratios) t.ok(median > 0, label)
  }
  t.match(markdown, `](${files[2]})`)
  t.match(chart, /^<svg /)
})

t.test('an option that it doesn’t know ends it with a usage', async (t) => {
  const { status, stderr } = spawnSync(process.execPath, [BENCH, '--rows', 'nothing'], { encoding: 'utf8' })
  t.equal(status, 1)
  t.match(stderr, /there is no row "nothing"[\s\S]*npm run bench/)
})
