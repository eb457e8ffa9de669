import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MigrationRefused } from '../../migration/migration-refused.ts'
import { connectionOptions } from './connection-options.ts'
import { migrateSchema } from './migrate-schema.ts'
import { CONNECT_TIMEOUT_MS, type MigrationClient } from './migration-client.ts'
import { withConnection } from './reach-server.ts'

const MIGRATIONS = fileURLToPath(new URL('../../../drizzle/postgres', import.meta.url))

/** Brings the schema of an empty database up to date, as a service's start does. @throws {StoreRefused} */
export async function makeSchema(url: string): Promise<void> {
  const config = connectionOptions({ url, connectTimeoutMs: CONNECT_TIMEOUT_MS, statementTimeoutMs: 0 })
  await withConnection(config, { forMs: 0, onWait() {} }, migrateSchema)
}

/** @throws {MigrationRefused} where the schema is another version's */
export async function refuseOtherVersions(client: MigrationClient, label: string): Promise<void> {
  const own = ownMigrations()
  const [[seen] = []] = await client.query("SELECT to_regclass('drizzle.__drizzle_migrations')")
  if (!seen) throw new MigrationRefused(`${label} is no database of this service.`)
  const [[count, newest] = []] = await client.query(
    'SELECT count(*), coalesce(max(created_at), 0) FROM drizzle.__drizzle_migrations'
  )
  if (Number(count) > own.length || Number(newest) > (own.at(-1) ?? 0))
    throw new MigrationRefused(`${label} was last used by a newer version: take that one.`)
  if (Number(count) < own.length)
    throw new MigrationRefused(
      `${label} was last used by an older version: start the service of this one on it once.`
    )
}

function ownMigrations(): number[] {
  const journal = JSON.parse(readFileSync(`${MIGRATIONS}/meta/_journal.json`, 'utf8'))
  return journal.entries.map(({ when }: { when: number }) => when)
}
