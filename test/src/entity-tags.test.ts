import t from 'tap'
import { matchesTag, namesTag, readTags } from '../../src/entity-tags.ts'

const LISTS: [condition: string, tags: string[]][] = [
  ['"a"', ['"a"']],
  ['""', ['""']],
  ['W/"a"', ['W/"a"']],
  ['"a","b"', ['"a"', '"b"']],
  [' "a" ,\t"b" ', ['"a"', '"b"']],
  [',, "a",,"b",', ['"a"', '"b"']],
  ['"a,b", W/"c/"', ['"a,b"', 'W/"c/"']],
  ['"\xe4"', ['"\xe4"']],
  ['', []],
  [',', []],
  ['*', []],
  ['a', []],
  ['"a', []],
  ['"a" "b"', []],
  ['"a"; "b"', []],
  ['"a b"', []],
  ['"a", *', []],
  ['"a", b', []],
  ['w/"a"', []],
  ['W/ "a"', []],
  ['"a\u0001"', []]
]

t.test('a list of tags is read whole, or is none', async (t) => {
  for (const [condition, tags] of LISTS) t.strictSame(readTags(condition), tags, condition)
})

t.test('If-None-Match names a tag weakly, If-Match strongly', async (t) => {
  const cases: [condition: string, named: boolean, matched: boolean][] = [
    ['"a"', true, true],
    ['"b", "a"', true, true],
    ['W/"a"', true, false],
    ['W/"a", "a"', true, true],
    ['*', true, true],
    [' * ', true, true],
    ['"b"', false, false],
    ['"A"', false, false],
    ['a', false, false],
    ['"a', false, false],
    ['"a", *', false, false],
    ['"x,"a","', false, false],
    ['', false, false]
  ]
  for (const [condition, named, matched] of cases) {
    t.equal(namesTag(condition, '"a"'), named, condition)
    t.equal(matchesTag(condition, '"a"'), matched, condition)
  }
  t.equal(namesTag(undefined, '"a"'), false)
})
