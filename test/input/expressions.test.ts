import { check, type Diagnostics } from 'recheck'
import t from 'tap'
import { expressionsIn, programsIn } from './expressions-of.ts'

/** Every regular expression in what the service and its client run: none may take a time that grows faster than the text. */
const FOLDERS = ['src', 'plugins', 'routes', 'client', 'entries', 'bin']

/** Those that can't be judged, with why they do no harm. Each has to be there. */
const UNDECIDED: Readonly<Record<string, string>> = {}

/** What looks like one that is made of no literal, with what it is. Each has to be there. */
const NOT_LITERAL: Readonly<Record<string, string>> = {
  "pattern: () => 'This value does not match the required pattern.'": 'a sentence'
}

const programs = programsIn(new URL('../../', import.meta.url), FOLDERS)
const read = programs.map(({ path, text }) => expressionsIn(path, text))
const expressions = read.flatMap(({ found }) => found)

/** Its status, and what its time grows like. */
async function judge(
  source: string,
  flags: string
): Promise<{ status: Diagnostics['status']; growth: string }> {
  const found = await check(source, flags, { timeout: 10_000 })
  return { status: found.status, growth: found.status === 'vulnerable' ? found.complexity.summary : '' }
}

t.test('every expression is a literal, so that it can be looked at', async (t) => {
  const texts = read.flatMap(({ unreadable }) => unreadable)
  t.strictSame(
    texts.filter(({ text }) => !Object.hasOwn(NOT_LITERAL, text)),
    []
  )
  for (const known of Object.keys(NOT_LITERAL))
    t.ok(
      texts.some(({ text }) => text === known),
      known
    )
  t.ok(expressions.length > 60, `${expressions.length} expressions in ${programs.length} files`)
})

t.test('none is slower than linear', async (t) => {
  const undecided = new Set<string>()
  for (const { where, source, flags } of expressions) {
    const { status, growth } = await judge(source, flags)
    const text = `/${source}/${flags}`
    if (status === 'unknown' && Object.hasOwn(UNDECIDED, text)) undecided.add(text)
    else t.equal(status, 'safe', `${where}: ${text} ${growth}`)
  }
  t.strictSame([...undecided].sort(), Object.keys(UNDECIDED).sort())
})

/** Known ones, and what became of ours: as code has them, and what their time grows like. */
const BAD: [code: string, summary: RegExp][] = [
  ['/^(a+)+$/.test(text)', /exponential/],
  ['/\\s+$/.exec(text)', /2nd degree/],
  ["new RegExp('(x*)*y', 'u')", /exponential/],
  ["RegExp('^(?:a|a)*$')", /exponential/],
  ["const Handle = Type.String({ pattern: '^(\\\\w+\\\\s?)+$' })", /exponential/],
  ["app.get('/names/:name(^(?:\\\\d+)+x$)', handler)", /exponential/],
  ['path.replace(/eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+/g, "")', /2nd degree/],
  ['/^\\s*[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[-+]?\\d+)?\\s*$/i.test(text)', /2nd degree/]
]

t.test('a bad one would be found and refused, however it is written', async (t) => {
  for (const [code, summary] of BAD) {
    const { found } = expressionsIn('bad.ts', code)
    t.equal(found.length, 1, code)
    const [{ source, flags } = { source: '', flags: '' }] = found
    const { status, growth } = await judge(source, flags)
    t.equal(status, 'vulnerable', code)
    t.match(growth, summary)
  }
  const { unreadable } = expressionsIn('bad.ts', 'new RegExp(made()); const schema = { pattern: made() }')
  t.equal(unreadable.length, 2)
})
