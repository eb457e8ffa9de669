import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { openDiskReserve, reserveOf } from '../../../../src/stores/sqlite/disk-reserve.ts'

const BYTES = 300_000
const NEVER_MS = 1_000_000

function open(t: Test, { path = `${t.testdir()}/test.db`, bytes = BYTES, everyMs = NEVER_MS } = {}) {
  writeFileSync(path, '')
  const reserve = openDiskReserve({ path, bytes, everyMs })
  t.teardown(() => reserve.close())
  return { path, reserve, file: reserveOf(path) }
}

t.test('it is given up where the disk is full, and kept again where there is room', async (t) => {
  const { reserve, file } = open(t)
  t.notOk(existsSync(file), 'an opening alone makes none')
  await reserve.restore()
  const { size, blocks, mode } = statSync(file)
  t.equal(size, BYTES)
  t.ok(blocks * 512 >= BYTES, 'the disk keeps the room')
  t.equal(mode & 0o777, 0o600)
  t.notOk(reserve.isShort())

  reserve.release()
  t.notOk(existsSync(file))
  t.ok(reserve.isShort())

  await reserve.restore()
  t.ok(existsSync(file))
  t.notOk(reserve.isShort())
})

t.test('it is made again by itself', async (t) => {
  const { reserve } = open(t, { everyMs: 5 })
  reserve.release()
  while (reserve.isShort()) await new Promise((resolve) => setTimeout(resolve, 5))
  t.notOk(reserve.isShort())
})

t.test('one that a start finds is taken for whole', async (t) => {
  const path = `${t.testdir()}/test.db`
  writeFileSync(reserveOf(path), 'left by the last run')
  const { reserve, file } = open(t, { path })
  await reserve.restore()
  t.equal(statSync(file).size, 20)
  reserve.release()
  await reserve.restore()
  t.equal(statSync(file).size, BYTES)
})

t.test('a disk that has less room than that is left alone, and stays short', async (t) => {
  const { reserve, file } = open(t, { bytes: Number.MAX_SAFE_INTEGER })
  reserve.release()
  await reserve.restore()
  t.notOk(existsSync(file))
  t.ok(reserve.isShort())
})

t.test('one that is being written when it is closed is there when that is done, and whole', async (t) => {
  const { reserve, file } = open(t, { bytes: 30 * BYTES })
  const restored = reserve.restore()
  await reserve.close()
  t.equal(statSync(file).size, 30 * BYTES)
  await restored
})

t.test('of a database that is gone there is none', async (t) => {
  const { path, reserve, file } = open(t)
  rmSync(path)
  await reserve.restore()
  t.notOk(existsSync(file))
})
