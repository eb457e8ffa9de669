import Database from 'better-sqlite3'
import type { KeyList } from '../../migration/key-list.ts'

/** In a file without a name, which is gone with the process. */
export function openKeyList(): KeyList {
  const database = new Database('')
  database.pragma('journal_mode = OFF')
  database.pragma('synchronous = OFF')
  database.exec('create table keys (key text primary key) without rowid')
  const add = database.prepare('insert or ignore into keys values (?)')
  const has = database.prepare('select 1 from keys where key = ?')
  const take = database.prepare<[number], string>('select key from keys order by key limit ?').pluck()
  const remove = database.prepare('delete from keys where key <= ?')
  return {
    add: (key) => void add.run(key),
    has: (key) => has.get(key) !== undefined,
    take(limit) {
      const keys = take.all(limit)
      if (keys.length > 0) remove.run(keys.at(-1))
      return keys
    },
    close: () => void database.close()
  }
}
