import t from 'tap'
import { keepWrittenNumbers, numberAsText } from '../../../src/validation/written-numbers.ts'

/** The text that a number of JSON becomes; undefined for one that can't be kept. */
function textOf(source: string): string | undefined {
  const json = `{"deep": {"n": 7}, "n": ${source}, "list": [8]}`
  const body = JSON.parse(json)
  keepWrittenNumbers(body, json)
  return numberAsText(body, 'n', body.n)
}

t.test('a number becomes its text, an integer with all its digits', async (t) => {
  for (const [source, text] of [
    ['5551234', '5551234'],
    ['0', '0'],
    ['-0', '0'],
    ['-7', '-7'],
    ['9007199254740993', '9007199254740993'],
    ['-123456789012345678901234567890', '-123456789012345678901234567890'],
    [`1${'0'.repeat(400)}`, `1${'0'.repeat(400)}`],
    ['1.5', '1.5'],
    ['-0.10', '-0.1'],
    ['1.0', '1'],
    ['100.00', '100'],
    ['1e2', '100'],
    ['1E+2', '100'],
    ['12e-1', '1.2'],
    ['0.0', '0'],
    ['-0.0', '0'],
    ['0e999', '0'],
    ['1e21', '1e+21'],
    ['1e-7', '1e-7'],
    ['5e-324', '5e-324']
  ])
    t.equal(textOf(String(source)), text, String(source))
})

t.test('one that would be another number than was sent becomes none', async (t) => {
  for (const source of [
    '1e400',
    '-1e400',
    '1e-400',
    '9007199254740993.0',
    '9007199254740993e0',
    '1.0000000000000000001',
    '0.1000000000000000055511151231257827',
    '1e99999999999999999999'
  ])
    t.equal(textOf(source), undefined, source)
})

t.test('of a number whose writing is not known, what is exact is taken', async (t) => {
  t.equal(numberAsText({}, 'n', 7), '7')
  t.equal(numberAsText({}, 'n', 1.5), '1.5')
  t.equal(numberAsText({}, 'n', 2 ** 53), undefined)
  t.equal(numberAsText({}, 'n', Number.POSITIVE_INFINITY), undefined)
})
