import t from 'tap'
import { ServiceError } from '../../src/errors.ts'
import { createReadiness } from '../../src/readiness.ts'

t.test('the stores are asked once at a time, however many want to know', async (t) => {
  const asked: PromiseWithResolvers<void>[] = []
  const isReady = createReadiness(() => {
    const one = Promise.withResolvers<void>()
    asked.push(one)
    return one.promise
  }, 10_000)
  const answers = Promise.all([isReady(), isReady(), isReady()])
  t.equal(asked.length, 1)
  asked[0]?.resolve()
  t.strictSame(await answers, [true, true, true])
  const next = isReady()
  t.equal(asked.length, 2, 'an answer is not kept')
  asked[1]?.reject(new Error('a fault'))
  await t.rejects(next, { message: 'a fault' })
})

t.test('stores that don’t answer count as away, and are asked anew', async (t) => {
  let hangs = true
  let asked = 0
  const isReady = createReadiness(() => {
    asked++
    return hangs ? new Promise(() => {}) : Promise.resolve()
  }, 20)
  const all = await Promise.allSettled([isReady(), isReady()])
  t.equal(asked, 1)
  for (const one of all) {
    if (one.status === 'fulfilled') return t.fail('it counted as there')
    t.type(one.reason, ServiceError)
    t.match(one.reason, { status: 503, headers: { 'retry-after': '1' } })
    t.match(one.reason.cause, { message: /did not answer within 20 ms/ })
  }
  hangs = false
  t.equal(await isReady(), true)
  t.equal(asked, 2)
})
