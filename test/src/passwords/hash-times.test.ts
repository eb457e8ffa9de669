import t from 'tap'
import { createHashTimes } from '../../../src/passwords/hash-times.ts'

t.test('only so many kinds are remembered, and those that are not are nothing ahead', async (t) => {
  let time = 0
  const times = createHashTimes(() => time)
  const measure = (kind: string, ms: number) =>
    times.measure(kind, async () => {
      time += ms
      return kind
    })
  t.equal(times.aheadMs('none yet'), 0)
  for (let kind = 1; kind <= 64; kind++) t.equal(await measure(`kind ${kind}`, kind), `kind ${kind}`)
  t.equal(times.aheadMs('kind 4'), 60)
  await measure('one more', 5000)
  t.equal(times.aheadMs('kind 4'), 60)
  t.equal(times.aheadMs('one more'), 0)
})

t.test('work that fails is not measured', async (t) => {
  const times = createHashTimes()
  await t.rejects(
    times.measure('x', () => Promise.reject(new Error('a fault'))),
    /a fault/
  )
  t.equal(times.aheadMs('x'), 0)
})
