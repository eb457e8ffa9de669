import { errorCode } from '../../error-code.ts'
import type { RowStores } from '../../open-stores.ts'
import { StoreRefused } from '../../store-refused.ts'

export interface PostgresOptions {
  /**
   * `postgres://user:password@host/database`, with `sslmode=disable|require|verify-ca|verify-full`, `sslrootcert`, `sslcert`
   * and `sslkey` as libpq has them. Without `sslmode`, and unless `PGSSLMODE` is set, there is no TLS.
   */
  url: string
  /** Connections of this process, at most. @default 10 */
  poolSize?: number
  /** How long a connection may take to be made, or to become free, in milliseconds. @default 5000 */
  connectTimeoutMs?: number
  /** How long a statement, the wait for a row's lock, or a pause within a transaction may take, in milliseconds. @default 5000 */
  statementTimeoutMs?: number
  /** Whether avatars are looked up by the hashes of emails. @default false */
  keepEmailHashes?: boolean
  /** How long a server that can't be reached yet is waited for, in milliseconds. @default 0 */
  waitMs?: number
  /** Told once, with the reason, where it has to be waited for. */
  onWait?(reason: string): void
}

/**
 * Opens the database, brings its schema up to date, and answers the stores over it.
 * @throws {StoreRefused} where it can't be reached, or refuses; without the password
 */
export async function openPostgresStores(options: PostgresOptions): Promise<RowStores> {
  const { createPostgresStores } = await import('./postgres-stores.ts').catch(explainMissing)
  return createPostgresStores(options)
}

/** The driver is an optional dependency. */
function explainMissing(error: unknown): never {
  if (!/_NOT_FOUND$/.test(errorCode(error))) throw error
  throw new StoreRefused('DATABASE_URL', 'PostgreSQL needs the package pg: npm install pg', { cause: error })
}
