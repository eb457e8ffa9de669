import type { AdminStore, NamedUser } from '../../admin/admin-store.ts'
import { nameRange, withPrefix } from '../name-range.ts'
import { byName, type KeyedUser, lastImports, newest, sessionsOf } from './admin-statements.ts'
import type { PostgresDatabase } from './postgres-database.ts'
import { createPostgresFigures } from './postgres-figures.ts'
import { keyText } from './texts.ts'

/** `AdminStore` over PostgreSQL. */
export function createPostgresAdminStore(database: PostgresDatabase): AdminStore {
  return {
    newest: (before, limit) => database.run(newest, { before: before ?? Number.MAX_SAFE_INTEGER, limit }),

    async findByPrefix(field, prefix, after, limit) {
      const wanted = prefix.toWellFormed()
      const { from, isAfter } = nameRange(wanted, after)
      const kept = keyText(wanted)
      if (kept !== wanted) {
        // Of so long a key there is only the hash, so it is found as a whole or not at all.
        if (isAfter) return []
        const rows = await database.run(byName[field].whole, { from: kept, limit })
        return rows.map((row) => ({ ...namedUser(row), key: wanted }))
      }
      const rows = await database.run(byName[field][isAfter ? 'after' : 'from'], { from, limit })
      return withPrefix(rows.map(namedUser), wanted)
    },

    sessionsOf: (id, limit) => database.run(sessionsOf, { id, limit }),

    figures: createPostgresFigures(database),

    imports: (limit) => database.run(lastImports, { limit })
  }
}

const namedUser = ({ key, ...user }: KeyedUser): NamedUser => ({ key, user })
