import type { UserStore } from '../../users/user-store.ts'
import { sql } from './drizzle.ts'
import type { PostgresDatabase } from './postgres-database.ts'
import { turns } from './schema.ts'
import { prepareSql } from './statement.ts'

const now = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`

/**
 * Of nodes that ask at once the others wait for the row, and find it taken; what time it is they ask after that, or the turn that they
 * waited for would be later than theirs. One from the future is none.
 */
const take = prepareSql<{ task: string }>(
  'turn_take',
  sql`insert into ${turns} as turn (task, taken_at) values (${sql.placeholder('task')}, ${now})
    on conflict (task) do update set taken_at = ${now}
    where ${now} - turn.taken_at not between 0 and ${sql.placeholder('everyMs')}::bigint - 1
    returning turn.task`,
  { task: turns.task }
)

/** The part of the `UserStore` by which one of all nodes does what need not be done by each. */
export const createPostgresTurns = (database: PostgresDatabase): Pick<UserStore, 'takeTurn'> => ({
  takeTurn: async (task, everyMs) => (await database.runOne(take, { task, everyMs })) !== undefined
})
