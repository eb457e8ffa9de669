import { existsSync, readdirSync, readFileSync } from 'node:fs'
import t from 'tap'

/** Whether `docs/threats.md` says where each threat is tested, and forgets none of the tests that are named after one. */
const ROOT = new URL('../../', import.meta.url)
const text = readFileSync(new URL('docs/threats.md', ROOT), 'utf8')
const [covered = '', others = ''] = text.split('\n## Not covered, and why\n')

/** The rows of the table: threat, what the service does, tests. */
const rows = covered
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| threat') && !line.startsWith('|-'))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')))

const filesIn = (cell: string): string[] =>
  [...cell.matchAll(/`([\w./-]+\.ts)`/g)].map(([, path = '']) => path)

t.test('each row has a threat, an answer and tests that exist', async (t) => {
  t.ok(rows.length > 30)
  for (const row of rows) {
    const [threat = '', answer = '', tests = '', ...more] = row
    t.equal(more.length, 0, threat)
    t.ok(threat !== '' && answer.length > 20, threat)
    const files = filesIn(tests)
    t.ok(files.length > 0, `${threat} is tested`)
    for (const path of files) t.ok(existsSync(new URL(path, ROOT)), `${threat}: ${path} exists`)
  }
})

t.test('each test of a threat is in the table', async (t) => {
  const named = new Set(rows.flatMap(([, , tests = '']) => filesIn(tests)))
  const tests = readdirSync(new URL('.', import.meta.url)).filter((name) => name.endsWith('.test.ts'))
  t.ok(tests.length > 15)
  for (const name of tests)
    if (name !== 'table.test.ts') t.ok(named.has(`test/threats/${name}`), `${name} is named`)
})

t.test('what is not covered has its reasons', async (t) => {
  t.ok(others.split('\n').filter((line) => line.startsWith('- ')).length >= 3)
})
