export type { SqliteOptions, Stores } from '../../src/stores/sqlite/open-sqlite.ts'
export { openSqliteStores, openSqliteStores as default } from '../../src/stores/sqlite/open-sqlite.ts'
