export type { RowStores } from '../../src/open-stores.ts'
export { StoreRefused } from '../../src/store-refused.ts'
export type { PostgresOptions } from '../../src/stores/postgres/open-postgres.ts'
export {
  openPostgresStores,
  openPostgresStores as default
} from '../../src/stores/postgres/open-postgres.ts'
