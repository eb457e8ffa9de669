import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Client } from 'pg'
import { IDENTITY_KEY_RULE } from '../../users/identity.ts'
import { drizzle, migrate } from './drizzle.ts'
import { readKeyRule, renewNameKeys } from './name-keys.ts'

/** The folder of migrations. */
const MIGRATIONS = fileURLToPath(new URL('../../../drizzle/postgres', import.meta.url))

/** Whose lock it is: a number of our own among all that use this database. */
const LOCK = 7_305_112_839

/**
 * Brings the schema up to date. Of nodes that start at once one does it, and the others wait for its lock, which belongs to
 * the connection: where that is lost, so is the lock, and the next one goes on. A schema that is newer than this program
 * stays as it is. Where there is nothing to do, no right to change the schema is needed.
 */
export async function migrateSchema(client: Client): Promise<void> {
  if (await isUpToDate(client)) return
  // However long it takes, or another node.
  await client.query(
    'set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0'
  )
  await client.query('select pg_advisory_lock($1)', [LOCK])
  try {
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS })
    await renewNameKeys(client)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => {})
  }
}

async function isUpToDate(client: Client): Promise<boolean> {
  const { rows: found } = await client.query<{ there: boolean }>(
    "select to_regclass('drizzle.__drizzle_migrations') is not null as there"
  )
  if (!found[0]?.there) return false
  const { rows } = await client.query<{ newest: string | null }>(
    'select max(created_at) as newest from drizzle.__drizzle_migrations'
  )
  return Number(rows[0]?.newest ?? 0) >= newestMigration() && (await readKeyRule(client)) >= IDENTITY_KEY_RULE
}

function newestMigration(): number {
  const journal = JSON.parse(readFileSync(`${MIGRATIONS}/meta/_journal.json`, 'utf8'))
  return Math.max(...journal.entries.map(({ when }: { when: number }) => when))
}
