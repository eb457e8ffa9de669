// `npm run bench`: measures the service beside its ceilings, on this machine, in one run.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench, RowResult } from './harness/row.ts'
import { findClient } from './load/find-client.ts'
import { type BenchOptions, readOptions, USAGE } from './options.ts'
import { renderChart } from './report/chart.ts'
import { renderMarkdown, renderRatios } from './report/markdown.ts'
import { createReport } from './report/report.ts'

const CACHE = join(import.meta.dirname, '.cache')
const RESULTS = join(import.meta.dirname, 'results')

async function run(options: BenchOptions): Promise<void> {
  mkdirSync(CACHE, { recursive: true })
  // Not the system's folder for temporary files, which may be in memory: what is measured has to reach a disk.
  const workspace = mkdtempSync(join(CACHE, 'run-'))
  // A server that refuses to be root's has to get to its folder.
  chmodSync(workspace, 0o711)
  process.once('exit', () => rmSync(workspace, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const bench: Bench = {
    client: findClient(),
    makeFolder: (name) => mkdtempSync(join(workspace, `${name}-`)),
    cache: CACHE,
    rounds: options.rounds,
    seconds: options.seconds,
    quick: options.quick,
    log: (message) => process.stderr.write(`${message}\n`)
  }
  const results: RowResult[] = []
  for (const row of options.rows) results.push(...(await row(bench)))

  const out = options.out ?? RESULTS
  mkdirSync(out, { recursive: true })
  const report = createReport(bench, results)
  const name = report.date.replace(' ', '-').replace(':', '')
  writeFileSync(join(out, `${name}.json`), `${JSON.stringify(report, undefined, 2)}\n`)
  writeFileSync(join(out, `${name}.svg`), renderChart(report))
  writeFileSync(join(out, `${name}.md`), renderMarkdown(report, `${name}.svg`))
  console.log(`\n${renderRatios(results)}\n\nAll figures: ${join(out, `${name}.md`)}`)
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) console.log(USAGE)
  else await run(options)
} catch (error) {
  console.error(error instanceof Error && error.stack ? error.stack : error)
  console.error(`\n${USAGE}`)
  process.exitCode = 1
}
