import t from 'tap'
import { keptForAWhile } from '../../src/kept-for-a-while.ts'
import { stoppedClock } from '../helper.ts'

t.test('what was made is answered until it is too old', async (t) => {
  const clock = stoppedClock()
  let made = 0
  const get = keptForAWhile(async () => ++made, { maxAgeMs: 1000, clock })
  t.strictSame(await Promise.all([get(), get(), get()]), [1, 1, 1])
  clock.advance(999)
  t.equal(await get(), 1)
  clock.advance(1)
  t.strictSame(await Promise.all([get(), get()]), [2, 2])
})

t.test('what failed is made anew, and fails for all who wait for it', async (t) => {
  let calls = 0
  const make = async () => {
    if (calls++ === 0) throw new Error('away')
    return calls
  }
  const get = keptForAWhile(make, { maxAgeMs: 1000, clock: stoppedClock() })
  const outcomes = await Promise.allSettled([get(), get()])
  t.strictSame(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected']
  )
  t.equal(calls, 1)
  t.equal(await get(), 2)
})
