import t from 'tap'
import { createTurns } from '../../src/turns.ts'

/** Work that says when it begins, and ends when it is told to. */
function createWork() {
  const begun: string[] = []
  const ends = new Map<string, { resolve(): void; reject(error: Error): void }>()
  const work = (name: string) => () => {
    begun.push(name)
    return new Promise<string>((resolve, reject) => {
      ends.set(name, { resolve: () => resolve(name), reject })
    })
  }
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    begun,
    work,
    settle,
    async end(name: string, error?: Error) {
      if (error) ends.get(name)?.reject(error)
      else ends.get(name)?.resolve()
      await settle()
    }
  }
}

t.test('what has a key in common takes turns, in the order it came; all else goes on', async (t) => {
  const { begun, work, settle, end } = createWork()
  const inTurn = createTurns()
  const all = [
    inTurn([1, 2], work('first')),
    inTurn([2, 3], work('second')),
    inTurn([3, 1], work('third')),
    inTurn([4, 4], work('other'))
  ]
  await settle()
  t.strictSame(begun, ['first', 'other'])
  await end('first')
  t.strictSame(begun, ['first', 'other', 'second'])
  await end('second')
  t.strictSame(begun, ['first', 'other', 'second', 'third'])
  await end('third')
  await end('other')
  t.strictSame(await Promise.all(all), ['first', 'second', 'third', 'other'])
})

t.test('work that fails is told to whoever asked for it, and the next has its turn', async (t) => {
  const { work, settle, end } = createWork()
  const inTurn = createTurns()
  const failing = t.rejects(inTurn([1], work('failing')), { message: 'no' })
  const next = inTurn([1], work('next'))
  const throwing = inTurn([2], () => {
    throw new Error('at once')
  })
  await t.rejects(throwing, { message: 'at once' })
  await settle()
  await end('failing', new Error('no'))
  await end('next')
  await failing
  t.equal(await next, 'next')
})
