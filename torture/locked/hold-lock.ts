// Uses a database beside the service, as another program would. Arguments: its file, and what is done: `immediate` and
// `exclusive` hold the lock of writers, `snapshot` a reader's view, until a message comes; `backup` copies it again and again,
// `writer` writes by transactions of its own.
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'

const [path = '', how = ''] = process.argv.slice(2)
const database = new Database(path, { timeout: 10_000 })
let ending = false
process.on('disconnect', () => process.exit())
process.once('message', () => {
  ending = true
  if (database.inTransaction) database.exec('COMMIT')
})

const LOCKS: Record<string, string> = {
  immediate: 'BEGIN IMMEDIATE',
  exclusive: 'BEGIN EXCLUSIVE',
  snapshot: 'BEGIN; select count(*) from users'
}

const lock = LOCKS[how]
if (lock) database.exec(lock)
process.send?.('ready')
for (let round = 0; !ending; round++) {
  if (how === 'backup') await database.backup(`${path}.copy`)
  if (how === 'writer') write(round)
  await sleep(20)
}
database.close()
process.disconnect()

/** Nothing that anybody would miss: who writes touches the row, and writes what is there. */
function write(round: number): void {
  database.exec('BEGIN IMMEDIATE')
  database.prepare('update users set first_name = first_name where id % 10 = ?').run(round % 10)
  database.exec('COMMIT')
}
