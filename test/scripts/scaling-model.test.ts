import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { MEASURED } from '../../scripts/scaling/measured.ts'
import { needOf } from '../../scripts/scaling/model.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

t.test('docs/scaling.md has the tables of the model', async (t) => {
  const printed = execFileSync(process.execPath, ['scripts/scaling-model.ts'], {
    cwd: root,
    encoding: 'utf8'
  })
  const tables = printed.trim().split('\n\n')
  t.equal(tables.length, 2)
  const text = readFileSync(`${root}/docs/scaling.md`, 'utf8')
  for (const table of tables) t.ok(text.includes(table), table)
})

t.test('twice as many users ask for twice as much, and nobody for nothing', async (t) => {
  const [one, two] = [needOf(1_000_000, MEASURED), needOf(2_000_000, MEASURED)]
  for (const kind of ['reads', 'uploads', 'pictures'] as const) {
    t.ok(Math.abs(two.rates[kind] / one.rates[kind] - 2) < 1e-9, kind)
    t.ok(Math.abs(two.nodeCores[kind] / one.nodeCores[kind] - 2) < 1e-9, kind)
  }
  t.ok(Math.abs(two.rowsGigabytes / one.rowsGigabytes - 2) < 1e-9)
  const none = needOf(0, MEASURED)
  t.equal(none.rates.reads, 0)
  t.equal(none.rowsGigabytes, 0)
  t.ok(none.money.nodes > 0, 'two nodes are there all the same')
})

t.test('a million users are as many bytes as their rows', async (t) => {
  const bytes = { ...MEASURED, sessionBytes: 0, tokenBytes: 0, userBytes: 500 }
  t.equal(needOf(1_000_000, bytes).rowsGigabytes, 0.5)
})
