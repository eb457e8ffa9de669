import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Test } from 'tap'

type Row = Record<string, unknown>

/** The users as they are on disk, by one connection for thousands of looks. */
export function openRows(t: Test, folder: string) {
  const database = new Database(join(folder, 'data/profile.db'), { readonly: true })
  t.teardown(() => database.close())
  const one = database.prepare<[number], Row>('select * from users where id = ?')
  const all = database.prepare<[], Row>('select * from users order by id')
  const tables = ['users', 'sessions', 'refresh_tokens'].map((table) =>
    database.prepare<[], Row>(`select * from ${table} order by 1`)
  )
  return {
    row: (id: number): Row => one.get(id) ?? {},
    rows: () => all.all(),
    /** Sessions and tokens too. */
    everything: () => tables.map((table) => table.all())
  }
}
