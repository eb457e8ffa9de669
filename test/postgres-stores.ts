import pg from 'pg'
import type { Test } from 'tap'
import type { RowStores } from '../src/open-stores.ts'
import { openPostgresStores, type PostgresOptions } from '../src/stores/postgres/open-postgres.ts'
import type { Postgres } from './postgres.ts'

/** Runs SQL by a connection of the test's own. */
export async function querySql<Row extends object>(
  url: string,
  text: string,
  values: unknown[] = []
): Promise<Row[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query<Row>(text, values)).rows
  } finally {
    await client.end()
  }
}

let serial = 0

/** A new database, empty. */
export async function makeDatabase(server: Postgres): Promise<string> {
  const name = `test${process.pid}_${serial++}`
  await querySql(server.url, `create database ${name} template template0`)
  return server.url.replace(/\/postgres$/, `/${name}`)
}

/** Makes a database with the schema in it, which is emptied as often as it is asked for: that is faster than a new one. */
export async function prepareDatabase(server: Postgres): Promise<() => Promise<string>> {
  const url = await makeDatabase(server)
  await (await openPostgresStores({ url })).close()
  return async () => {
    // What belongs to users goes with them.
    await querySql(url, 'delete from users; delete from audit_log; delete from imports')
    return url
  }
}

/** Stores that are closed when the test ends. */
export async function openStores(t: Test, options: PostgresOptions): Promise<RowStores> {
  const stores = await openPostgresStores({ keepEmailHashes: true, ...options })
  t.teardown(() => stores.close())
  return stores
}

/** The same address under another user, host, database or the like. */
export function changeUrl(
  url: string,
  changes: Partial<Record<'username' | 'password' | 'hostname' | 'port' | 'pathname' | 'search', string>>
): string {
  return Object.assign(new URL(url), changes).href
}
