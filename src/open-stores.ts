import type { AdminStore } from './admin/admin-store.ts'
import type { AuditLog } from './admin/audit-log.ts'
import type { MediaStore } from './avatars/media-store.ts'
import type { IdentityStore } from './identity/identity-store.ts'
import type { DatabaseSetting, MediaSetting } from './store-settings.ts'
import type { PoolStats, Telemetry } from './telemetry/telemetry.ts'
import type { SessionStore } from './tokens/session-store.ts'
import type { UserStore } from './users/user-store.ts'

/** Users and what belongs to them, over one database. */
export interface RowStores {
  users: UserStore
  sessions: SessionStore
  identities: IdentityStore
  admin: AdminStore
  audit: AuditLog
  /** Of the connections, where rows are on a server. */
  stats?(): PoolStats
  /** Finishes what was begun and lets the database go. */
  close(): Promise<void>
}

export interface RowOptions {
  keepEmailHashes: boolean
  /** Told of commits to a file. @default nobody */
  telemetry?: Pick<Telemetry, 'committed'>
  /** How long a server that can't be reached yet is waited for, in milliseconds. @default 0 */
  waitMs?: number
  /** Told once, with the reason, where it has to be waited for. */
  onWait?(reason: string): void
}

/** Opens the database of a setting. Only its own driver is loaded. */
export async function openRows(
  database: DatabaseSetting,
  { keepEmailHashes, telemetry, ...waiting }: RowOptions
): Promise<RowStores> {
  if (database.kind === 'sqlite') {
    const { openSqliteStores } = await import('./stores/sqlite/open-sqlite.ts')
    return openSqliteStores({ path: database.path, keepEmailHashes, ...(telemetry && { telemetry }) })
  }
  const { openPostgresStores } = await import('./stores/postgres/open-postgres.ts')
  return openPostgresStores({ ...database, keepEmailHashes, ...waiting })
}

/** Opens the pictures of a setting, which may be away. @throws {StoreRefused} where they can't be used as they are set */
export async function openMedia(media: MediaSetting): Promise<MediaStore> {
  if (media.kind === 'disk') {
    const { createDiskMediaStore } = await import('./stores/disk/disk-media-store.ts')
    return createDiskMediaStore(media)
  }
  const { createS3MediaStore } = await import('./stores/s3/s3-media-store.ts')
  return createS3MediaStore(media)
}
