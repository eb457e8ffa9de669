import type { ImportStore } from '../../django/import-store.ts'
import { createImportNames } from './import-names.ts'
import { createImportRecords } from './import-records.ts'
import { createImportTokens } from './import-tokens.ts'
import { createImportUsers } from './import-users.ts'
import { refuseMarked } from './migration-guard.ts'
import { openDatabase } from './open-database.ts'
import { translateSqliteError } from './sqlite-errors.ts'

/** In kibibytes, as they are used: most of the indexes of a million users, which are written all over. */
const PAGE_CACHE_KIB = 65_536

export interface ImportStoreOptions {
  /** The database's file, made where missing. */
  path: string
  /** How long the import waits for another process's write to end. @default 5000 */
  busyTimeoutMs?: number
}

/** `ImportStore` over SQLite, on a connection of its own. A service that runs meanwhile notices what was committed. */
export function openSqliteImportStore({ path, busyTimeoutMs = 5000 }: ImportStoreOptions): ImportStore {
  const db = openDatabase(path, { busyTimeoutMs, cacheKib: PAGE_CACHE_KIB })
  const database = db.$client
  try {
    refuseMarked(database, path)
  } catch (error) {
    database.close()
    throw error
  }

  /** @throws as `translateSqliteError` has it */
  async function run<T>(work: () => T): Promise<T> {
    try {
      return work()
    } catch (error) {
      throw translateSqliteError(error)
    }
  }

  const users = createImportUsers(database)
  const names = createImportNames(database)
  const tokens = createImportTokens(database)
  const record = createImportRecords(database)
  return {
    begin: () => run(() => void database.exec('BEGIN IMMEDIATE')),
    find: (ids) => run(() => users.find(ids)),
    create: (id, values, fingerprints) => run(() => users.create(id, values, fingerprints)),
    update: (id, update) => run(() => users.update(id, update)),
    releaseName: (id, field) => run(() => users.releaseName(id, field)),
    revokeTokens: (id, at) => run(() => users.revokeTokens(id, at)),
    listImported: (after, upTo, limit) => run(() => users.listImported(after, upTo, limit)),
    reserveIds: (upTo) => run(() => users.reserveIds(upTo)),
    defer: (candidate) => run(() => names.defer(candidate)),
    listDeferred: (after, limit) => run(() => names.list(after, limit)),
    resume: (id) => run(() => names.resume(id)),
    claimPicture: (key) => run(() => names.claimPicture(key)),
    addToken: (token, at) => run(() => tokens.add(token, at)),
    record: (imported) => run(() => record(imported)),
    commit: () => run(() => void database.exec('COMMIT')),
    async close() {
      // What was not committed goes with the connection.
      database.close()
    }
  }
}
