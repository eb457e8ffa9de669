import type { UserStore } from '../../users/user-store.ts'
import { sql } from './drizzle.ts'
import type { PostgresDatabase } from './postgres-database.ts'
import { turns } from './schema.ts'
import { prepareSql } from './statement.ts'

/** Of nodes that ask at once the others wait for the row, and find it taken. One from the future is none. */
const take = prepareSql<{ task: string }>(
  'turn_take',
  sql`insert into ${turns} as turn (task, taken_at)
    values (${sql.placeholder('task')}, (extract(epoch from clock_timestamp()) * 1000)::bigint)
    on conflict (task) do update set taken_at = excluded.taken_at
    where excluded.taken_at - turn.taken_at not between 0 and ${sql.placeholder('everyMs')}::bigint - 1
    returning turn.task`,
  { task: turns.task }
)

/** The part of the `UserStore` by which one of all nodes does what need not be done by each. */
export const createPostgresTurns = (database: PostgresDatabase): Pick<UserStore, 'takeTurn'> => ({
  takeTurn: async (task, everyMs) => (await database.runOne(take, { task, everyMs })) !== undefined
})
