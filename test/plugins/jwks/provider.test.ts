import type { RequestListener } from 'node:http'
import t from 'tap'
import { COOLDOWN_MS, MAX_AGE_MS, MAX_AGE_WITHOUT_ANSWER_MS } from '../../../src/identity/key-set.ts'
import { buildExternalApp, REFUSED } from '../../external-app.ts'
import { stoppedClock } from '../../helper.ts'
import { makeKey, personClaims } from '../../identity-provider.ts'

const first = makeKey('RS256', 'first')
const second = makeKey('EdDSA', 'second')
const env = { AUTO_PROVISION: 'on' }
/** Longer than any of the waits of these tests. */
const later = { exp: Math.floor(Date.now() / 1000) + 86_400 }

const AWAY = {
  status: 503,
  body: { error: 'The service is temporarily unavailable. Try again later.' }
}

t.test('keys rotate: a new one is taken at once, an old one goes on until it is withdrawn', async (t) => {
  const clock = stoppedClock()
  const { read, provider } = await buildExternalApp(t, [first], { env, clock })
  const tokens = [first.sign(personClaims('ada', later)), second.sign(personClaims('bob', later))] as const
  t.match(await read(tokens[0]), { status: 200, body: { username: 'ada' } })
  t.strictSame(await read(tokens[1]), REFUSED)

  provider.publish(first, second)
  clock.advance(COOLDOWN_MS)
  t.match(await read(tokens[1]), { status: 200, body: { username: 'bob' } })
  t.equal((await read(tokens[0])).status, 200)

  provider.publish(second)
  clock.advance(MAX_AGE_MS - 1)
  t.equal((await read(tokens[0])).status, 200, 'nobody was asked meanwhile')
  t.equal(provider.asked(), 2)
  clock.advance(1)
  t.strictSame(await read(tokens[0]), REFUSED, 'though the token was verified before')
  t.equal((await read(tokens[1])).status, 200)
  t.equal(provider.asked(), 3)
})

t.test('a provider that is away at the start is waited for, and not blamed on the token', async (t) => {
  const clock = stoppedClock()
  const { read, provider } = await buildExternalApp(t, [first], { env, clock })
  provider.answer((_, response) => response.writeHead(502).end())
  const token = first.sign(personClaims('ada', later))
  t.strictSame(await read(token), { ...AWAY, retryAfter: '10' })
  clock.advance(4000)
  t.strictSame(await read(token), { ...AWAY, retryAfter: '6' })
  t.equal(provider.asked(), 1)
  provider.publish(first)
  clock.advance(6000)
  t.equal((await read(token)).status, 200)
})

t.test('a provider that goes away takes nobody along for an hour', async (t) => {
  const clock = stoppedClock()
  const { read, provider } = await buildExternalApp(t, [first], { env, clock })
  const [ada, bob] = [first.sign(personClaims('ada', later)), first.sign(personClaims('bob', later))]
  t.equal((await read(ada)).status, 200)
  await provider.stop()
  clock.advance(MAX_AGE_MS)
  t.equal((await read(ada)).status, 200)
  t.equal((await read(bob)).status, 200, 'whose token was never seen before')
  t.strictSame(await read(second.sign(personClaims('cleo', later))), { ...AWAY, retryAfter: '10' })
  clock.advance(MAX_AGE_WITHOUT_ANSWER_MS - MAX_AGE_MS)
  t.strictSame(await read(ada), { ...AWAY, retryAfter: '10' })
})

t.test('what a provider should not answer is as if it were away', async (t) => {
  const answers: [name: string, listener: RequestListener][] = [
    ['a redirect', (_, response) => response.writeHead(302, { location: '/keys' }).end()],
    ['a page', (_, response) => response.setHeader('content-type', 'text/html').end('<html>')],
    ['another object', (_, response) => response.end('{"error":"x"}')],
    ['too much', (_, response) => response.end(`{"keys":[],"x":"${'x'.repeat(300_000)}"}`)],
    ['no answer', (request) => request.socket.destroy()]
  ]
  for (const [name, listener] of answers) {
    const { read, provider } = await buildExternalApp(t, [], {
      env,
      folder: t.testdir(),
      clock: stoppedClock()
    })
    provider.answer(listener)
    t.strictSame(await read(first.sign(personClaims('ada'))), { ...AWAY, retryAfter: '10' }, name)
    t.equal(provider.asked(), 1, name)
  }
})

t.test('two hundred tokens of made-up keys at once cost the provider two requests', async (t) => {
  const clock = stoppedClock()
  const { read, provider } = await buildExternalApp(t, [first], { env, clock })
  const burst = (round: number) =>
    Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        read(second.sign(personClaims('ada'), { alg: 'EdDSA', kid: `${round}.${index}` }))
      )
    )
  for (const answer of await burst(0)) t.strictSame(answer, REFUSED)
  t.equal(provider.asked(), 1)
  clock.advance(COOLDOWN_MS)
  for (const answer of await burst(1)) t.strictSame(answer, REFUSED)
  t.equal(provider.asked(), 2)
  t.equal((await read(first.sign(personClaims('ada')))).status, 200, 'and the known ones go on')
})

t.test('a token that was verified is known until it ends, for five minutes at most', async (t) => {
  const clock = stoppedClock()
  const start = Math.floor(clock.now() / 1000)
  const { read, provider } = await buildExternalApp(t, [first], { env, clock })
  const short = first.sign(personClaims('ada', { exp: start + 60 }))
  const long = first.sign(personClaims('bob', later))
  for (const token of [short, long]) t.equal((await read(token)).status, 200)
  // Keys that are withdrawn early show which tokens are verified anew: another key's name makes them known.
  provider.publish()
  clock.advance(COOLDOWN_MS)
  t.strictSame(await read(second.sign(personClaims('x'))), REFUSED)
  for (const token of [short, long]) t.equal((await read(token)).status, 200, 'known')
  clock.advance(60_000 - COOLDOWN_MS)
  t.strictSame(await read(short), REFUSED)
  t.equal((await read(long)).status, 200)
  clock.advance(240_000)
  t.strictSame(await read(long), REFUSED)
})
