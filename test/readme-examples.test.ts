import { readFileSync } from 'node:fs'
import t from 'tap'
import { readExamples } from './examples.ts'

/** A line `<!-- examples/minimal.ts -->`, and right below it a block of code. */
const MARKED_BLOCK = /^<!-- examples\/(\S+) -->\n+```ts\n(.*?)^```$/gms

t.test('the README shows the examples as they are, all of them', (t) => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const shown = [...readme.matchAll(MARKED_BLOCK)].map(([, name, code]) => [name, code])
  t.strictSame(Object.fromEntries(shown), readExamples())
  t.equal(readme.match(/<!-- examples\//g)?.length, shown.length, 'each is marked once, above its code')
  t.end()
})
