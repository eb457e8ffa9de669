import t, { type Test } from 'tap'
import { createCircuitBreaker } from '../../../src/limits/circuit-breaker.ts'
import { ATTEMPT_LIMITS, type AttemptLimits, type Limits } from '../../../src/limits/limits.ts'
import { createMemoryLimits } from '../../../src/limits/memory-limits.ts'
import { shareLimits } from '../../../src/limits/shared-limits.ts'
import { createSignInThrottle } from '../../../src/users/sign-in-throttle.ts'
import { limitsContract } from '../../contracts/limits.ts'
import { eventually, stoppedClock } from '../../helper.ts'

/** Two nodes over one place that can be taken away. */
function openNodes(t: Test, attempts: AttemptLimits = ATTEMPT_LIMITS) {
  const clock = stoppedClock()
  const place = { isAway: false }
  const shared = failing(createMemoryLimits(clock, attempts), place)
  const events: string[] = []
  const open = (): Limits => {
    const breaker = createCircuitBreaker({
      probe: async () => {
        if (place.isAway) throw new Error('away')
      },
      probeEveryMs: 5,
      onLost: () => events.push('lost'),
      onBack: () => events.push('back')
    })
    t.teardown(() => breaker.close())
    return shareLimits(shared, createMemoryLimits(clock, attempts), breaker)
  }
  return { clock, place, events, one: open(), two: open() }
}

function failing(limits: Limits, place: { isAway: boolean }): Limits {
  const unlessAway = async <T>(answer: () => Promise<T>) => {
    if (place.isAway) throw new Error('away')
    return answer()
  }
  return {
    countRequests(name, windowMs) {
      const counter = limits.countRequests(name, windowMs)
      return { add: (key) => unlessAway(() => counter.add(key)) }
    },
    attempts: {
      begin: (keys) =>
        unlessAway(async () => {
          const begun = await limits.attempts.begin(keys)
          if ('waitMs' in begun) return begun
          return {
            succeed: () => unlessAway(() => begun.succeed()),
            abandon: () => unlessAway(() => begun.abandon())
          }
        })
    }
  }
}

for (const isAway of [false, true]) {
  t.test(`while the shared place is ${isAway ? 'away' : 'there'}`, async (t) => {
    limitsContract(t, async (t, attempts) => {
      const { one, place, clock } = openNodes(t, attempts)
      place.isAway = isAway
      return { limits: one, advance: async (ms) => clock.advance(ms) }
    })
  })
}

t.test('nodes count together, each by itself while the place is away, and together again', async (t) => {
  const { one, two, place, events } = openNodes(t)
  const [first, second] = [one, two].map((node) => node.countRequests('read', 60_000))
  const counts = async () => [(await first?.add('a'))?.count, (await second?.add('a'))?.count]
  t.strictSame(await counts(), [1, 2])
  place.isAway = true
  t.strictSame(await counts(), [1, 1])
  t.strictSame(await counts(), [2, 2])
  t.strictSame(events, ['lost', 'lost'])
  place.isAway = false
  await eventually('both are back', () => events.length === 4)
  t.strictSame(await counts(), [3, 4])
  t.strictSame(events.slice(2), ['back', 'back'])
})

t.test(
  'who signs in while the place goes away is in, and counts as failed there until the window ends',
  async (t) => {
    const { one, two, place, events, clock } = openNodes(t, { ...ATTEMPT_LIMITS, maxPerAccount: 1 })
    const [here, there] = [createSignInThrottle(one.attempts), createSignInThrottle(two.attempts)]
    const ada = { account: 'name:ada', address: '192.0.2.1' } as const
    const checked = await here.guard(ada, async () => {
      place.isAway = true
      return 'in'
    })
    t.equal(checked, 'in')
    t.equal(await here.guard(ada, async () => 'in'), 'in', 'this node counts by itself')
    const broken = there.guard(ada, async () => {
      throw new Error('no database')
    })
    await t.rejects(broken, { message: 'no database' })
    place.isAway = false
    await eventually('both are back', () => events.filter((event) => event === 'back').length === 2)
    await t.rejects(
      there.guard(ada, async () => 'in'),
      { code: 'throttled' }
    )
    clock.advance(ATTEMPT_LIMITS.windowMs)
    t.equal(await there.guard(ada, async () => 'in'), 'in')
  }
)
