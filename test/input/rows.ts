import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Test } from 'tap'
import { readDatabaseUrl } from '../../src/setting-values.ts'
import { POSTGRES_DEFAULTS } from '../../src/store-settings.ts'
import { databaseOf, runSql } from '../test-database.ts'

type Row = Record<string, unknown>

/** The users as they are kept, by one connection for thousands of looks. */
export function openRows(t: Test, folder: string) {
  const select = openSelect(t, folder)
  return {
    row: (id: number): Row => select('users where id = ?', id)[0] ?? {},
    rows: () => select('users order by id'),
    /** Sessions and tokens too. */
    everything: () => ['users', 'sessions', 'refresh_tokens'].map((table) => select(`${table} order by 1`))
  }
}

function openSelect(t: Test, folder: string): (from: string, ...values: unknown[]) => Row[] {
  const { DATABASE_URL } = databaseOf(folder)
  if (DATABASE_URL !== undefined) {
    const server = readDatabaseUrl(DATABASE_URL, folder, POSTGRES_DEFAULTS)
    return (from, ...values) => runSql(server, `select * from ${from}`, ...values)
  }
  const database = new Database(join(folder, 'data/profile.db'), { readonly: true })
  t.teardown(() => database.close())
  const statements = new Map<string, Database.Statement<unknown[], Row>>()
  return (from, ...values) => {
    const statement = statements.get(from) ?? database.prepare<unknown[], Row>(`select * from ${from}`)
    statements.set(from, statement)
    return statement.all(...values)
  }
}
