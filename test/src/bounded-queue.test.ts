import t from 'tap'
import { createBoundedQueue } from '../../src/bounded-queue.ts'

function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { promise, open: resolve }
}

t.test('as many run as may, the others wait in order, and past the bound they are refused', async (t) => {
  const queue = createBoundedQueue({ concurrency: 2, maxWaiting: 1 })
  const { promise, open } = gate()
  const started: number[] = []
  const task = (number: number) =>
    queue.run(async () => {
      started.push(number)
      await promise
      return number
    })
  const accepted = [task(1), task(2), task(3)]
  await t.rejects(task(4), { code: 'unavailable', status: 503 })
  t.strictSame(started, [1, 2])
  open()
  t.strictSame(await Promise.all(accepted), [1, 2, 3])
  t.equal(await task(5), 5, 'there is room again')
})

t.test('a task that fails gives its place back', async (t) => {
  const queue = createBoundedQueue({ concurrency: 1, maxWaiting: 0 })
  await t.rejects(
    queue.run(async () => Promise.reject(new Error('no'))),
    /no/
  )
  await t.rejects(
    queue.run(() => {
      throw new Error('at once')
    }),
    /at once/
  )
  t.equal(await queue.run(async () => 'yes'), 'yes')
})
