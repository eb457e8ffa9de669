import type { RowStores } from '../../open-stores.ts'
import { StoreRefused } from '../../store-refused.ts'
import { POSTGRES_DEFAULTS } from '../../store-settings.ts'
import { connectionOptions } from './connection-options.ts'
import { migrateSchema } from './migrate-schema.ts'
import { describeMarkOf } from './migration-guard.ts'
import type { PostgresOptions } from './open-postgres.ts'
import { createPostgresAdminStore } from './postgres-admin-store.ts'
import { createPostgresAuditLog } from './postgres-audit-log.ts'
import { openPool } from './postgres-database.ts'
import { createPostgresIdentityStore } from './postgres-identity-store.ts'
import { createPostgresSessionStore } from './postgres-session-store.ts'
import { createPostgresUserStore } from './postgres-user-store.ts'
import { withConnection } from './reach-server.ts'

export async function createPostgresStores({
  url,
  poolSize = POSTGRES_DEFAULTS.poolSize,
  connectTimeoutMs = POSTGRES_DEFAULTS.connectTimeoutMs,
  statementTimeoutMs = POSTGRES_DEFAULTS.statementTimeoutMs,
  keepEmailHashes = false,
  waitMs = 0,
  onWait = () => {}
}: PostgresOptions): Promise<RowStores> {
  const config = connectionOptions({ url, connectTimeoutMs, statementTimeoutMs })
  const refusal = await withConnection(config, { forMs: waitMs, onWait }, async (client) => {
    await migrateSchema(client)
    return describeMarkOf(client)
  })
  if (refusal !== undefined) throw new StoreRefused('DATABASE_URL', refusal)
  const database = openPool(config, poolSize)
  return {
    users: createPostgresUserStore(database, { keepEmailHashes }),
    sessions: createPostgresSessionStore(database),
    identities: createPostgresIdentityStore(database, { keepEmailHashes }),
    admin: createPostgresAdminStore(database),
    audit: createPostgresAuditLog(database),
    stats: database.stats,
    close: database.close
  }
}
