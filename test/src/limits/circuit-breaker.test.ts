import { once } from 'node:events'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'
import t, { type Test } from 'tap'
import { createCircuitBreaker } from '../../../src/limits/circuit-breaker.ts'
import { eventually } from '../../helper.ts'

const theirs = async () => 'theirs'
const ours = async () => 'ours'
const away = async () => {
  throw new Error('away')
}
const never = () => new Promise<string>(() => {})

/** A breaker whose probes answer as `probe` does at the time. */
function open(t: Test, deadlineMs = 20) {
  const seen = { probe: away as () => Promise<unknown>, probes: 0, lost: [] as unknown[], back: 0 }
  const breaker = createCircuitBreaker({
    probe: () => {
      seen.probes++
      return seen.probe()
    },
    deadlineMs,
    probeEveryMs: 5,
    onLost: (error) => seen.lost.push(error),
    onBack: () => seen.back++
  })
  t.teardown(() => breaker.close())
  return { breaker, seen }
}

t.test('asks, and answers what it is told', async (t) => {
  const { breaker, seen } = open(t)
  t.equal(await breaker.run(theirs, ours), 'theirs')
  t.strictSame([seen.probes, seen.lost, seen.back], [0, [], 0])
})

for (const [name, asked, error] of [
  ['fails', away, /away/],
  ['does not answer', never, /no answer within 20 ms/]
] as const) {
  t.test(
    `where it ${name}, the other answers, nobody asks until a probe is answered, and each turn is told once`,
    async (t) => {
      const { breaker, seen } = open(t)
      const answers = await Promise.all(Array.from({ length: 10 }, () => breaker.run<string>(asked, ours)))
      t.strictSame(new Set(answers), new Set(['ours']))
      await eventually('it is probed', () => seen.probes > 1)
      let wasAsked = false
      const ask = async () => {
        wasAsked = true
        return 'theirs'
      }
      t.equal(await breaker.run(ask, ours), 'ours')
      t.equal(wasAsked, false)
      t.equal(seen.lost.length, 1)
      t.match(String(seen.lost[0]), error)
      t.equal(seen.back, 0)
      seen.probe = theirs
      await eventually('it is back', () => seen.back > 0)
      t.equal(await breaker.run(theirs, ours), 'theirs')
      await breaker.run<string>(asked, ours)
      t.strictSame([seen.lost.length, seen.back], [2, 1], 'the next loss is told again')
    }
  )
}

t.test('probes that are not answered never run at the same time', async (t) => {
  const { breaker, seen } = open(t, 5)
  const { promise, resolve } = Promise.withResolvers<unknown>()
  seen.probe = () => promise
  await breaker.run(away, ours)
  await eventually('it is probed', () => seen.probes === 1)
  await new Promise((resolve) => setTimeout(resolve, 100))
  t.equal(seen.probes, 1)
  resolve('late')
  await eventually('it is probed again, and back', () => seen.back === 1)
})

/** Answers each byte with one, in a thread of its own. */
const ECHO = `
  const server = require('node:net').createServer((socket) => socket.pipe(socket).on('error', () => {}))
  server.listen(0, '127.0.0.1', () => require('node:worker_threads').parentPort.postMessage(server.address().port))
`

t.test('an answer that came while the process was busy is in time', async (t) => {
  const { breaker, seen } = open(t)
  const worker = new Worker(ECHO, { eval: true })
  t.teardown(() => worker.terminate())
  const [port] = await once(worker, 'message')
  const socket = connect(port, '127.0.0.1').setNoDelay()
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  for (let round = 0; round < 5; round++) {
    const answer = breaker.run(async () => {
      socket.write('?')
      await once(socket, 'data')
      return 'theirs'
    }, ours)
    for (const until = Date.now() + 100; Date.now() < until; );
    t.equal(await answer, 'theirs')
  }
  t.strictSame(seen.lost, [])
})

t.test('a check tells the loss before anybody asks', async (t) => {
  const { breaker, seen } = open(t)
  await breaker.check()
  t.equal(seen.lost.length, 1)
  t.equal(await breaker.run(theirs, ours), 'ours')
})

t.test('once it is closed nobody is asked, and nothing is told', async (t) => {
  const { breaker, seen } = open(t)
  const begun = breaker.run<string>(never, ours)
  breaker.close()
  t.equal(await begun, 'ours')
  t.equal(await breaker.run(theirs, ours), 'ours')
  t.strictSame([seen.lost, seen.probes], [[], 0])
})
