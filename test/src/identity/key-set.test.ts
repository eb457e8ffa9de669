import t, { type Test } from 'tap'
import type { TokenHeader } from '../../../src/identity/compact-token.ts'
import {
  COOLDOWN_MS,
  createKeySet,
  MAX_AGE_MS,
  MAX_AGE_WITHOUT_ANSWER_MS
} from '../../../src/identity/key-set.ts'
import { TokenRefusedError } from '../../../src/identity/token-refused.ts'
import { stoppedClock } from '../../helper.ts'
import { makeKey } from '../../identity-provider.ts'

const first = makeKey('ES256', 'first')
const second = makeKey('ES256', 'second')
const header = (kid: string): TokenHeader => ({ alg: 'ES256', kid })
const { jwk: published } = first

/** A set of keys over a provider that answers what the test says. */
function open(_t: Test, answer: () => unknown = () => ({ keys: [published] })) {
  const clock = stoppedClock()
  const provider = { asked: 0, answer }
  const warned: object[] = []
  const keys = createKeySet({
    clock,
    log: { info: () => {}, error: () => {}, warn: (details) => warned.push(details) },
    async fetch() {
      provider.asked++
      return provider.answer()
    }
  })
  /** What becomes of a token with a key of this name. */
  async function ask(kid: string): Promise<string> {
    try {
      return (await keys.get(header(kid))).type
    } catch (error) {
      if (error instanceof TokenRefusedError) return 'refused'
      const { status, headers } = error as { status: number; headers: Record<string, string> }
      return `${status}, again in ${headers['retry-after']}`
    }
  }
  return { keys, clock, provider, warned, ask }
}

const away = () => {
  throw new Error('connect ECONNREFUSED')
}

t.test('keys are fetched at the first need, once for all who need them, and then kept', async (t) => {
  const { provider, clock, ask } = open(t)
  t.equal(provider.asked, 0)
  t.strictSame(await Promise.all(Array.from({ length: 50 }, () => ask('first'))), Array(50).fill('public'))
  clock.advance(MAX_AGE_MS - 1)
  t.equal(await ask('first'), 'public')
  t.equal(provider.asked, 1)
})

t.test('a key that is new is fetched when it is asked for, but not before a cooldown is over', async (t) => {
  const { provider, clock, ask } = open(t)
  t.equal(await ask('first'), 'public')
  provider.answer = () => ({ keys: [published, second.jwk] })
  t.equal(await ask('second'), 'refused')
  clock.advance(COOLDOWN_MS)
  t.equal(await ask('second'), 'public')
  t.equal(provider.asked, 2)
})

t.test('however many names of keys are made up, the provider is asked once in a cooldown', async (t) => {
  const { provider, clock, ask } = open(t)
  t.equal(await ask('first'), 'public')
  for (let round = 0; round < 3; round++) {
    clock.advance(COOLDOWN_MS)
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => ask(`made up ${index}`)))
    t.ok(answers.every((answer) => answer === 'refused'))
    t.equal(provider.asked, 2 + round)
  }
})

t.test('a key that was withdrawn works until the set is old', async (t) => {
  const { provider, clock, keys, ask } = open(t)
  t.equal(await ask('first'), 'public')
  const until = clock.now() + MAX_AGE_MS
  t.equal(keys.goodUntil(), until)
  provider.answer = () => ({ keys: [second.jwk] })
  clock.advance(MAX_AGE_MS - 1)
  t.equal(await ask('first'), 'public')
  clock.advance(1)
  t.equal(await ask('first'), 'refused')
  t.equal(await ask('second'), 'public')
  t.equal(provider.asked, 2)
})

t.test('while the provider is away known keys go on for an hour, and it is asked now and then', async (t) => {
  const { provider, clock, keys, warned, ask } = open(t)
  t.equal(await ask('first'), 'public')
  provider.answer = away
  clock.advance(MAX_AGE_MS)
  t.equal(await ask('first'), 'public')
  t.equal(provider.asked, 2)
  t.equal(keys.goodUntil(), clock.now() + COOLDOWN_MS, 'the next look at it decides')
  t.equal(await ask('first'), 'public')
  t.equal(provider.asked, 2, 'not in the cooldown')
  t.equal(await ask('second'), '503, again in 10', 'whether there is such a key is not known')
  clock.advance(MAX_AGE_WITHOUT_ANSWER_MS - MAX_AGE_MS - 1)
  t.equal(await ask('first'), 'public')
  t.equal(provider.asked, 3)
  clock.advance(1)
  t.equal(await ask('first'), '503, again in 10')
  t.match(warned, [{ err: /ECONNREFUSED/ }, {}])

  provider.answer = () => ({ keys: [published] })
  clock.advance(COOLDOWN_MS)
  t.equal(await ask('first'), 'public')
  t.equal(await ask('second'), 'refused', 'and now it is known')
})

t.test('of one that is away a withdrawn key is seen when it is back', async (t) => {
  const { provider, clock, ask } = open(t)
  await ask('first')
  provider.answer = away
  clock.advance(MAX_AGE_MS)
  t.equal(await ask('first'), 'public')
  provider.answer = () => ({ keys: [] })
  clock.advance(COOLDOWN_MS)
  t.equal(await ask('first'), 'public', 'the last one that doesn’t wait for the answer')
  t.equal(await ask('second'), 'refused', 'which this one does')
  t.equal(await ask('first'), 'refused')
})

t.test('of one that is away from the start nothing is known, and it is left alone meanwhile', async (t) => {
  const { provider, clock, ask } = open(t, away)
  for (const kid of ['first', 'second', 'first']) t.equal(await ask(kid), '503, again in 10')
  clock.advance(3000)
  t.equal(await ask('first'), '503, again in 7')
  t.equal(provider.asked, 1)
  provider.answer = () => ({ keys: [published] })
  clock.advance(7000)
  t.equal(await ask('first'), 'public')
  t.equal(provider.asked, 2)
})

t.test('nobody who has a key waits for a provider that hangs', async (t) => {
  const { provider, clock, ask } = open(t)
  await ask('first')
  provider.answer = away
  clock.advance(MAX_AGE_MS)
  await ask('first')
  const answer = Promise.withResolvers<unknown>()
  provider.answer = () => answer.promise
  clock.advance(COOLDOWN_MS)
  t.equal(await ask('first'), 'public')
  const waiting = ask('second')
  clock.advance(3 * COOLDOWN_MS)
  t.equal(await ask('first'), 'public')
  t.equal(provider.asked, 3, 'and one that hangs is not asked again')
  answer.resolve({ keys: [second.jwk] })
  t.equal(await waiting, 'public')
})

t.test('what is no set of keys is no answer, and a set without keys is one', async (t) => {
  for (const nothing of [null, 'keys', {}, { keys: 7 }]) {
    const { ask } = open(t, () => nothing)
    t.equal(await ask('first'), '503, again in 10')
  }
  const { ask } = open(t, () => ({ keys: [] }))
  t.equal(await ask('first'), 'refused')
})

t.test('a clock that is set back makes keys old', async (t) => {
  const { provider, clock, ask } = open(t)
  await ask('first')
  clock.advance(-86_400_000)
  t.equal(await ask('first'), 'public')
  t.equal(provider.asked, 2)
})
