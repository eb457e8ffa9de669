import t from 'tap'
import { isPending, openGroupCommit as open, turn } from './open-group-commit.ts'

/** A log whose syncs end when the test says so. */
function heldLog() {
  const syncs: ((error: Error | null) => void)[] = []
  const calls: string[] = []
  return {
    calls,
    log: {
      sync(done: (error: Error | null) => void) {
        calls.push('sync')
        syncs.push(done)
      },
      syncNow: () => void calls.push('sync now'),
      repair: () => void calls.push('repair')
    },
    finish: (error: Error | null = null) => syncs.shift()?.(error)
  }
}

t.test('with a log, nothing is acknowledged before its sync, not even a failure', async (t) => {
  const { log, finish } = heldLog()
  const { add, names } = open(t, { log })
  const writes = [add('a'), add('a')]
  await turn()
  t.strictSame(names(), ['a'], 'it is committed')
  for (const write of writes) t.equal(await isPending(write), true)
  finish()
  t.match(await Promise.allSettled(writes), [
    { status: 'fulfilled', value: 1 },
    { status: 'rejected', reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } }
  ])
})

t.test('what arrives during a sync shares the next transaction and the next sync', async (t) => {
  const { log, finish, calls } = heldLog()
  const { add, log: statements } = open(t, { log })
  const first = add('a')
  await turn()
  const others = [add('b'), turn().then(() => add('c'))]
  await turn()
  await turn()
  t.strictSame(statements, ['BEGIN IMMEDIATE', 'COMMIT'])
  finish()
  t.equal(await first, 1)
  finish()
  t.strictSame(await Promise.all(others), [1, 1])
  t.strictSame(statements, ['BEGIN IMMEDIATE', 'COMMIT', 'BEGIN IMMEDIATE', 'COMMIT'])
  t.equal(calls.filter((call) => call === 'sync').length, 2)
})

t.test(
  'a sync that fails fails its writes, and the log is repaired before the next transaction',
  async (t) => {
    const { log, finish, calls } = heldLog()
    const { add } = open(t, { log })
    const first = add('a')
    await turn()
    calls.length = 0
    finish(new Error('the disk is gone'))
    await t.rejects(first, { message: 'the disk is gone' })
    const second = add('b')
    await turn()
    t.strictSame(calls, ['repair', 'sync'])
    finish()
    t.equal(await second, 1)
  }
)

t.test('where the log can’t be repaired nothing is written', async (t) => {
  const { log } = heldLog()
  const broken = {
    ...log,
    repair() {
      throw new Error('still gone')
    }
  }
  const { add, names } = open(t, { log: broken })
  await t.rejects(add('a'), { message: 'still gone' })
  t.strictSame(names(), [])
})

t.test('closing syncs what is committed, and what waits', async (t) => {
  const { log, calls } = heldLog()
  const { add, commits } = open(t, { log })
  const committed = add('a')
  await turn()
  const waiting = add('b')
  calls.length = 0
  commits.close()
  t.strictSame(await Promise.all([committed, waiting]), [1, 1])
  t.equal(calls.filter((call) => call === 'sync now').length, 2)
})
