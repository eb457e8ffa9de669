import { readFileSync } from 'node:fs'
import t from 'tap'
import { OPTION_RULES } from '../plugins/user-profile/options.ts'
import { DEFAULTS } from '../src/defaults.ts'
import { RATE_LIMITS } from '../src/rate-limits.ts'

/** The rows of a table below a heading, as name and default. */
function rowsBelow(text: string, heading: string): [name: string, byDefault: string][] {
  const section = text.split(`${heading}\n`)[1]?.split('\n#')[0] ?? ''
  return [...section.matchAll(/^\| (`.+?`) \| (.*?) \|/gm)].flatMap(([, names = '', byDefault = '']) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name = '']): [string, string] => [name, byDefault])
  )
}

t.test('docs/plugins.md names every option of the bundle, with its default', (t) => {
  const text = readFileSync(new URL('../docs/plugins.md', import.meta.url), 'utf8')
  const rows = rowsBelow(text, '### Options')
  t.strictSame(rows.map(([name]) => name).sort(), Object.keys(OPTION_RULES).sort())
  for (const [name, value] of Object.entries(DEFAULTS)) {
    const shown = typeof value === 'string' ? `'${value}'` : String(value)
    t.equal(new Map(rows).get(name), `\`${shown}\``, name)
  }
  t.end()
})

t.test('the README names every setting of the service', (t) => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
  const sources = ['config', 'jwks-setting', 'media-setting', 'tracing-setting']
    .map((name) => read(`../src/${name}.ts`))
    .join()
  const settings = new Set(
    [...sources.matchAll(/'([A-Z]+|[A-Z]+\d?(?:_[A-Z]+)+)'/g)].map(([, name = '']) => name)
  )
  // Refused with a sentence that says what to do; and a code of the system's.
  for (const refused of ['ADMIN_PASSWORD', 'ENOENT']) settings.delete(refused)
  const named = rowsBelow(read('../README.md'), '## Settings').map(([name]) => name)
  t.strictSame([...settings].filter((name) => !named.includes(name)).sort(), [])
  t.strictSame(named.filter((name) => !settings.has(name)).sort(), [])
  t.end()
})

t.test('docs/api.md names every kind of requests with its limits', (t) => {
  const text = readFileSync(new URL('../docs/api.md', import.meta.url), 'utf8')
  const rows = [...text.matchAll(/^\| `(\w+)` \| .*? \| (\d+) \| (\d*) ?\|$/gm)]
  const limits = rows.map(([, kind, address, user]) => [
    kind,
    { address: Number(address), ...(user && { user: Number(user) }) }
  ])
  t.strictSame(Object.fromEntries(limits), RATE_LIMITS)
  t.end()
})
