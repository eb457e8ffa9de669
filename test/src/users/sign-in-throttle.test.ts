import t from 'tap'
import { ATTEMPT_LIMITS } from '../../../src/limits/limits.ts'
import { createMemoryLimits } from '../../../src/limits/memory-limits.ts'
import { createSignInThrottle } from '../../../src/users/sign-in-throttle.ts'
import { stoppedClock } from '../../helper.ts'

const wrong = async () => undefined
const right = async () => 'in'
const ada = { account: 'name:ada', address: '192.0.2.1' } as const
const from = (address: string, name = 'ada') => ({ account: `name:${name}`, address }) as const

function open(limits: { maxPerAccount?: number; maxPerAddress?: number } = {}) {
  const clock = stoppedClock()
  const { attempts } = createMemoryLimits(clock, { ...ATTEMPT_LIMITS, windowMs: 60_000, ...limits })
  return { clock, throttle: createSignInThrottle(attempts) }
}

t.test(
  'past the failures of an account its password is not even looked at, until the window ends',
  async (t) => {
    const { clock, throttle } = open({ maxPerAccount: 3 })
    for (let failure = 0; failure < 3; failure++)
      t.equal(await throttle.guard(from(`a${failure}`), wrong), undefined)
    clock.advance(20_500)
    let looked = false
    const refusal = throttle.guard(from('b'), async () => {
      looked = true
      return 'in'
    })
    await t.rejects(refusal, {
      code: 'throttled',
      headers: { 'retry-after': '40' },
      body: { detail: 'Request was throttled. Expected available in 40 seconds.' }
    })
    t.equal(looked, false)
    t.equal(await throttle.guard(from('b', 'bob'), right), 'in', 'another account goes on')
    clock.advance(39_500)
    t.equal(await throttle.guard(ada, right), 'in')
  }
)

t.test('past the failures from an address it waits, whatever the account', async (t) => {
  const { clock, throttle } = open({ maxPerAddress: 3 })
  for (const account of ['a', 'b', 'c']) await throttle.guard(from('192.0.2.1', account), wrong)
  await t.rejects(throttle.guard(from('192.0.2.1', 'd'), right), { code: 'throttled' })
  t.equal(await throttle.guard(from('192.0.2.2', 'd'), right), 'in', 'another address goes on')
  clock.advance(60_000)
  t.equal(await throttle.guard(from('192.0.2.1', 'd'), right), 'in')
})

t.test('failures from one IPv6 customer count together, whichever address is used', async (t) => {
  const { throttle } = open({ maxPerAddress: 3 })
  for (const host of ['1', '2', 'ffff:3']) await throttle.guard(from(`2001:db8:1:2::${host}`, host), wrong)
  await t.rejects(throttle.guard(from('2001:db8:1:2::4', 'd'), right), { code: 'throttled' })
  t.equal(await throttle.guard(from('2001:db8:1:3::4', 'd'), right), 'in')
})

t.test('a success clears its account; the address keeps its other failures', async (t) => {
  const { throttle } = open({ maxPerAccount: 3, maxPerAddress: 5 })
  for (let round = 0; round < 2; round++) {
    for (let failure = 0; failure < 2; failure++) await throttle.guard(ada, wrong)
    t.equal(await throttle.guard(ada, right), 'in')
  }
  await throttle.guard(ada, wrong)
  await t.rejects(throttle.guard(ada, right), { code: 'throttled' }, 'five failures from the address')
})

t.test('many at once don’t slip through', async (t) => {
  const { throttle } = open({ maxPerAccount: 3 })
  let looked = 0
  const guesses = Array.from({ length: 50 }, () =>
    throttle.guard(ada, async () => {
      looked++
      return undefined
    })
  )
  const outcomes = await Promise.allSettled(guesses)
  t.equal(looked, 3)
  t.equal(outcomes.filter(({ status }) => status === 'rejected').length, 47)
})

t.test('a check that could not be made does not count', async (t) => {
  const { throttle } = open({ maxPerAccount: 2, maxPerAddress: 2 })
  const broken = async () => {
    throw new Error('away')
  }
  for (let attempt = 0; attempt < 5; attempt++)
    await t.rejects(throttle.guard(ada, broken), { message: 'away' })
  t.equal(await throttle.guard(ada, right), 'in')
})

t.test('checks that can’t be made push nobody’s failures out, however many', async (t) => {
  const { throttle } = open({ maxPerAccount: 1 })
  await throttle.guard(ada, wrong)
  const broken = async () => {
    throw new Error('away')
  }
  // More than are counted at once.
  for (let attempt = 0; attempt < 50_100; attempt++)
    await throttle.guard(from('192.0.2.2', `name ${attempt}`), broken).catch(() => {})
  await t.rejects(throttle.guard(ada, right), { code: 'throttled' })
})

t.test('a check that ends in a later window takes nothing from its failures', async (t) => {
  const { clock, throttle } = open({ maxPerAccount: 2 })
  const { promise, reject } = Promise.withResolvers<undefined>()
  const slow = throttle.guard(ada, () => promise)
  clock.advance(60_000)
  for (let failure = 0; failure < 2; failure++) await throttle.guard(ada, wrong)
  reject(new Error('away'))
  await t.rejects(slow, { message: 'away' })
  await t.rejects(throttle.guard(ada, right), { code: 'throttled' })
})

t.test('a clock that is set back keeps nobody waiting for longer than a window', async (t) => {
  const { clock, throttle } = open({ maxPerAccount: 1 })
  await throttle.guard(ada, wrong)
  clock.advance(-86_400_000)
  t.equal(await throttle.guard(ada, right), 'in')
})
