import { ServiceError } from '../../errors.ts'
import type { User, UserId } from '../../users/user.ts'
import { createGathering } from './gathering.ts'
import type { PostgresDatabase } from './postgres-database.ts'
import type { Values } from './statement.ts'
import type { GroupedStatements } from './update-statements.ts'

/** Answers the user as it was right before, or undefined where there is none. */
type Write = (id: UserId, values: Values) => Promise<User | undefined>

/** An update that is written together with those beside it. */
interface Asked {
  id: UserId
  values: Values
  resolve(before: User | undefined): void
  reject(error: unknown): void
}

/**
 * Updates users: those that write the same columns by one statement. Each happens or fails by itself even so, and waits only for
 * who has locked its own row.
 */
export function createUserUpdates(
  database: PostgresDatabase
): (statements: GroupedStatements, id: UserId, values: Values) => Promise<User | undefined> {
  const writes = new Map<GroupedStatements, Write>()

  function createWrite({ columns, alone, together }: GroupedStatements): Write {
    /** Those that are written are answered. */
    async function tryTogether(asked: readonly Asked[]): Promise<User[]> {
      const lists = columns.map((column) => [column, asked.map(({ values }) => values[column])])
      try {
        return await database.run(together, {
          ...Object.fromEntries(lists),
          ids: asked.map(({ id }) => id)
        })
      } catch (error) {
        if (error instanceof ServiceError) throw error
        // The server refused one of them, and wrote nothing. Which one it was shows where each goes alone.
        return []
      }
    }

    async function send(asked: readonly Asked[]): Promise<void> {
      try {
        const written = new Map((await tryTogether(asked)).map((before) => [before.id, before]))
        for (const { id, values, resolve, reject } of asked) {
          const before = written.get(id)
          if (before) resolve(before)
          // Locked by somebody, refused, or not there.
          else database.runOne(alone, { ...values, id }).then(resolve, reject)
        }
      } catch (error) {
        for (const { reject } of asked) reject(error)
      }
    }

    const ask = createGathering(send)
    return (id, values) =>
      database.track(new Promise((resolve, reject) => ask({ id, values, resolve, reject })))
  }

  return (statements, id, values) => {
    const write = writes.get(statements) ?? createWrite(statements)
    writes.set(statements, write)
    return write(id, values)
  }
}
