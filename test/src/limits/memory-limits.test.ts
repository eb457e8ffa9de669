import t from 'tap'
import { createMemoryLimits } from '../../../src/limits/memory-limits.ts'
import { limitsContract } from '../../contracts/limits.ts'
import { stoppedClock } from '../../helper.ts'

limitsContract(t, async (_t, attempts) => {
  const clock = stoppedClock()
  return { limits: createMemoryLimits(clock, attempts), advance: async (ms) => clock.advance(ms) }
})

t.test('addresses are counted until 20,000 others came since', async (t) => {
  const counter = createMemoryLimits(stoppedClock()).countRequests('read', 60_000)
  await counter.add('first')
  for (let other = 1; other < 20_000; other++) await counter.add(String(other))
  t.equal((await counter.add('first')).count, 2)
  for (let other = 0; other < 20_000; other++) await counter.add(`more ${other}`)
  t.equal((await counter.add('first')).count, 1)
})
