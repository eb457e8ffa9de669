import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { createCheckpointer } from '../../../../src/stores/sqlite/checkpointer.ts'
import { openWalIndex } from '../../../../src/stores/sqlite/wal-index.ts'
import { eventually } from '../../../helper.ts'

const EVERY_FRAMES = 50

function open(t: Test, path = `${t.testdir()}/test.db`) {
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.pragma('wal_autocheckpoint = 0')
  database.exec('create table things (id integer primary key, text text)')
  const index = openWalIndex(database, path)
  const told: string[] = []
  const checkpointer = createCheckpointer({
    path,
    frames: index.frames,
    everyFrames: EVERY_FRAMES,
    pause: () => void told.push('pause'),
    resume: () => void told.push('resume'),
    onFull: () => void told.push('full'),
    onFailure: () => void told.push('failure')
  })
  t.teardown(async () => {
    await checkpointer.close()
    index.close()
    database.close()
  })
  const insert = database.prepare('insert into things (text) values (?)')
  return {
    path,
    database,
    told,
    checkpointer,
    write(count: number) {
      for (let done = 0; done < count; done++) insert.run('x'.repeat(500))
      checkpointer.committed()
    },
    frames: index.frames
  }
}

t.test('a short log is left alone', async (t) => {
  const { write, told, checkpointer } = open(t)
  write(10)
  await checkpointer.close()
  t.strictSame(told, [])
})

t.test('a long log is copied beside the loop, finished while nobody writes, and begins anew', async (t) => {
  const { write, told, database, frames, path } = open(t)
  write(EVERY_FRAMES)
  await eventually('the checkpoint is done', () => told.includes('resume'))
  t.strictSame(told, ['pause', 'resume'])
  const length = frames()
  write(1)
  t.ok(frames() < length, 'the next write is at its beginning')
  const { size } = statSync(`${path}-wal`)
  write(EVERY_FRAMES)
  await eventually('the second is done', () => told.length === 4)
  t.ok(statSync(`${path}-wal`).size <= 2 * size, 'it grows no longer')
  t.equal(database.pragma('integrity_check', { simple: true }), 'ok')
  t.equal(database.prepare('select count(*) from things').pluck().get(), 2 * EVERY_FRAMES + 1)
})

t.test('where a reader holds the log back, the next try comes only after as much again', async (t) => {
  const { write, told, path } = open(t)
  const reader = new Database(path)
  t.teardown(() => reader.close())
  reader.exec('begin; select * from things')
  write(EVERY_FRAMES)
  await eventually('it was tried', () => told.includes('resume'))
  write(1)
  write(1)
  t.strictSame(told, ['pause', 'resume'])
  reader.exec('commit')
  write(EVERY_FRAMES)
  await eventually('it was tried again', () => told.length === 4)
})

t.test('a thread that fails says so once, and is not asked again', async (t) => {
  const folder = t.testdir()
  const path = `${folder}/test.db`
  const database = new Database(path)
  t.teardown(() => database.close())
  const told: string[] = []
  const checkpointer = createCheckpointer({
    path: `${folder}/there/is/none.db`,
    frames: () => EVERY_FRAMES,
    everyFrames: EVERY_FRAMES,
    pause: () => void told.push('pause'),
    resume: () => void told.push('resume'),
    onFull: () => void told.push('full'),
    onFailure: () => void told.push('failure')
  })
  checkpointer.committed()
  await eventually('the failure is known', () => told.length > 0)
  checkpointer.committed()
  await checkpointer.close()
  t.strictSame(told, ['failure'])
})
