import t from 'tap'
import { inParallel } from '../../src/in-parallel.ts'

t.test('so many are done at once, and all of them', async (t) => {
  let [running, most] = [0, 0]
  const done: number[] = []
  await inParallel(new Set([1, 2, 3, 4, 5, 6, 7]), 3, async (item) => {
    most = Math.max(most, ++running)
    await Promise.resolve()
    running--
    done.push(item)
  })
  t.equal(most, 3)
  t.strictSame(done, [1, 2, 3, 4, 5, 6, 7])
  await inParallel([], 3, async () => void t.fail('there is nothing to do'))
})

t.test('after one that fails no more are begun, and those under way come to their end first', async (t) => {
  const [begun, ended]: number[][] = [[], []]
  const slow = Promise.withResolvers<void>()
  const all = inParallel([0, 1, 2, 3], 2, async (item) => {
    begun?.push(item)
    if (item === 1) throw new Error('one failed')
    await slow.promise
    ended?.push(item)
  })
  let over = false
  all
    .catch(() => {})
    .finally(() => {
      over = true
    })
  await new Promise(setImmediate)
  t.equal(over, false)
  slow.resolve()
  await t.rejects(all, { message: 'one failed' })
  t.strictSame([begun, ended], [[0, 1], [0]])
})
