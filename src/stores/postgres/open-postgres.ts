import type { RowStores } from '../../open-stores.ts'
import type { PostgresSetting } from '../../store-settings.ts'

export interface PostgresOptions extends PostgresSetting {
  /** Whether avatars are looked up by the hashes of emails. @default false */
  keepEmailHashes?: boolean
}

/** Opens the database, brings its schema up to date, and answers the stores over it. */
export async function openPostgresStores(_options: PostgresOptions): Promise<RowStores> {
  throw new Error('not there yet')
}
