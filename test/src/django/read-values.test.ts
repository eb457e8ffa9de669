import t from 'tap'
import { lengthOf, readBoolean, readText, readTime } from '../../../src/django/read-values.ts'

t.test('times are cut to the millisecond, downwards, and are real', async (t) => {
  const times: [unknown, string | undefined][] = [
    ['2025-01-02 03:04:05', '2025-01-02T03:04:05.000Z'],
    ['2025-01-02 03:04:05.1', '2025-01-02T03:04:05.100Z'],
    ['2025-01-02 03:04:05.678999', '2025-01-02T03:04:05.678Z'],
    ['2025-01-02T03:04:05.678999Z', '2025-01-02T03:04:05.678Z'],
    ['2025-01-02 03:04:05+00:00', '2025-01-02T03:04:05.000Z'],
    ['2025-01-02 03:04:05.5+00', '2025-01-02T03:04:05.500Z'],
    ['1969-12-31 23:59:59.999999', '1969-12-31T23:59:59.999Z'],
    ['1969-12-31 23:59:59.000999', '1969-12-31T23:59:59.000Z'],
    ['0024-02-29 00:00:00', '0024-02-29T00:00:00.000Z'],
    ['9999-12-31 23:59:59', '9999-12-31T23:59:59.000Z'],
    ['2025-02-29 00:00:00', undefined],
    ['2025-13-01 00:00:00', undefined],
    ['2025-01-02 24:00:00', undefined],
    ['2025-01-02 03:60:00', undefined],
    ['2025-01-02 03:04:60', undefined],
    ['2025-01-02 03:04:05+02:00', undefined],
    ['2025-01-02', undefined],
    ['10000-01-01 00:00:00', undefined],
    ['infinity', undefined],
    ['', undefined],
    [0, undefined],
    [null, undefined]
  ]
  for (const [value, expected] of times) {
    const time = readTime(value)
    t.equal(time === undefined ? undefined : new Date(time).toISOString(), expected, String(value))
  }
})

t.test('truth values of both databases are read, and nothing else', async (t) => {
  for (const value of [true, 1, '1', 't', 'true']) t.equal(readBoolean(value), true)
  for (const value of [false, 0, '0', 'f', 'false']) t.equal(readBoolean(value), false)
  for (const value of [null, undefined, 2, '', 'yes', Number.NaN]) t.equal(readBoolean(value), undefined)
})

t.test('numbers are read as their text, bytes are not', async (t) => {
  t.equal(readText(123), '123')
  t.equal(readText(''), '')
  for (const value of [null, undefined, Number.NaN, Buffer.from('a'), true])
    t.equal(readText(value), undefined)
})

t.test('lengths are code points', async (t) => {
  t.equal(lengthOf(''), 0)
  t.equal(lengthOf('aé🙂'), 3)
  t.equal(lengthOf('\ud83d'), 1)
  t.equal(lengthOf('\ude42\ud83d'), 2)
})
