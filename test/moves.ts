import { readdirSync } from 'node:fs'
import pg from 'pg'
import type { Test } from 'tap'
import { digestOf } from './backups.ts'
import { POSTGRES_PASSWORD, type Postgres } from './postgres.ts'
import { run } from './service.ts'

export interface Ground {
  /** Of a new, empty database. */
  url: string
  query(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  /** All rows of all tables, as SQLite would have them. */
  rows(): Promise<Record<string, unknown[]>>
}

let serial = 0

/** A database of its own on a server that runs, with the test's own connection to it. */
export async function makeGround(t: Test, server: Postgres): Promise<Ground> {
  const name = `moved_${serial++}`
  const admin = new pg.Client(server.url)
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name}`)
  await admin.end()
  const url = server.url.replace(/\/postgres$/, `/${name}`)
  const client = new pg.Client(url)
  client.on('error', () => {})
  await client.connect()
  t.teardown(() => client.end())
  const query = async (sql: string, values: unknown[] = []) => (await client.query(sql, values)).rows
  return { url, query, rows: () => rowsOf(query) }
}

const TABLES = [
  'users',
  'imported_users',
  'user_identities',
  'sessions',
  'refresh_tokens',
  'audit_log',
  'imports'
]

async function rowsOf(query: Ground['query']): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {}
  for (const table of TABLES) {
    const order = table === 'user_identities' ? 'issuer COLLATE "C", subject COLLATE "C"' : '1'
    const rows = await query(`SELECT * FROM ${table} ORDER BY ${order}`)
    tables[table] = rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asInSqlite(name, value)]))
    )
  }
  return tables
}

const TEXTS = new Set(['number_phone', 'jti', 'subject', 'extra', 'address'])

function asInSqlite(name: string, value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value)
  // What the driver answers for `bigint`.
  return typeof value === 'string' && /^-?\d+$/.test(value) && !TEXTS.has(name) ? Number(value) : value
}

/** Runs `migrate-store` in a folder. Its output never holds the password. */
export const move = (t: Test, folder: string, ...args: string[]) => moveWith(t, folder, {}, ...args)

/** The same with settings. */
export async function moveWith(t: Test, folder: string, env: Record<string, string>, ...args: string[]) {
  const { code, stdout, stderr } = await run(folder, { args: ['migrate-store', ...args], env }).ended
  t.notOk((stdout + stderr).includes(POSTGRES_PASSWORD), 'no password is shown')
  t.notMatch(stderr, /^\s+at /m)
  return { code, stdout, stderr }
}

/** What each file of a folder holds. */
export const digestsOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, digestOf(`${folder}/${name}`)])
  )
