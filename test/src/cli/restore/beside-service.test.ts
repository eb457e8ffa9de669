import { cpSync, rmSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import t from 'tap'
import { holdDatabase, putInPlace } from '../../../../src/stores/sqlite/replaced-database.ts'
import { contentOf, isThen, movedOn, runIn } from '../../../backups.ts'
import { PASSWORD } from '../../../helper.ts'
import { signInAt, startService } from '../../../service.ts'

const databaseOf = (folder: string) => `${folder}/data/profile.db`

t.test('while a service has it open, though it idles, nothing is replaced', async (t) => {
  const { folder, accounts } = await movedOn(t)
  const service = await startService(t, folder)
  const before = contentOf(folder).rows
  const { code, stdout, stderr } = await runIn(folder, 'restore', '--replace', 'backup')
  t.match({ code, stdout }, { code: 1, stdout: '' })
  t.equal(
    stderr,
    `${databaseOf(folder)} is in use by another process: stop the service. Nothing was restored.\n`
  )
  t.strictSame(contentOf(folder).rows, before)
  t.equal((await signInAt(service.origin, accounts[0]?.email ?? '', PASSWORD)).status, 200, 'it goes on')
  await service.stop()
  t.equal((await runIn(folder, 'restore', '--replace', 'backup')).code, 0)
})

t.test('a service that starts meanwhile is kept from what is on its way out', async (t) => {
  const { folder, backup } = await movedOn(t)
  const path = databaseOf(folder)
  // It has opened the file, and done nothing with it yet.
  const late = new Database(path, { timeout: 0 })
  const old = holdDatabase(path)
  t.throws(() => late.pragma('journal_mode = WAL'), { code: 'SQLITE_BUSY' })
  t.match(await runIn(folder, 'list-users'), { code: 2, stderr: /database is locked/ })
  cpSync(`${backup}/profile.db`, `${path}-restoring`)
  t.equal(putInPlace(`${path}-restoring`, path, old), undefined)
  old.release()
  t.throws(
    () => late.pragma('journal_mode = WAL'),
    { code: 'SQLITE_READONLY_DBMOVED' },
    'it can write nothing into the void'
  )
  late.close()
  t.match(await runIn(folder, 'list-users'), { code: 0 })
})

t.test('the log of a killed service does not come into the restored rows', async (t) => {
  for (const isLost of [false, true]) {
    const { folder, then, accounts } = await movedOn(t)
    const service = await startService(t, folder)
    await signInAt(service.origin, accounts[0]?.email ?? '', PASSWORD)
    await service.stop('SIGKILL')
    t.ok(statSync(`${databaseOf(folder)}-wal`).size > 0)
    if (isLost) {
      rmSync(databaseOf(folder))
      t.match(await runIn(folder, 'restore', 'backup'), {
        code: 1,
        stderr: /^There is \S+profile\.db-wal already/
      })
    }
    t.equal((await runIn(folder, 'restore', '--replace', 'backup')).code, 0)
    await isThen(t, folder, then)
  }
})
