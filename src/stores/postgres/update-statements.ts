import type { User } from '../../users/user.ts'
import { build, eq, sql } from './drizzle.ts'
import { profileColumns } from './profile-columns.ts'
import { users } from './schema.ts'
import { prepareSql, type Statement, type Values } from './statement.ts'

/** What an update may write, in one order, so that there is one statement for each set of them. */
const WRITABLE = [
  'username',
  'usernameKey',
  'email',
  'emailKey',
  'emailHash',
  'firstName',
  'lastName',
  'numberPhone',
  'avatar',
  'extra'
] as const

/** Neither unique nor referred to: no other row is in the way of writing them. */
const FREE = new Set<Column>(['firstName', 'lastName', 'numberPhone', 'avatar'])

type Column = (typeof WRITABLE)[number]

/** Writes some columns, and answers rows as they were right before. */
export interface UpdateStatements {
  columns: readonly Column[]
  /**
   * One row (`id`): where somebody else is writing it, their lock is waited for, and what they wrote is what was before.
   */
  alone: Statement<User>
  /**
   * Rows by lists of values, one list for each column and one of `ids`, none of them twice. Rows that somebody else has locked
   * are left out, so that it waits for nobody. Only where no other row can be in the way.
   */
  together?: Statement<User>
}

/** Where rows can be written together. */
export type GroupedStatements = Required<UpdateStatements>

export const isGrouped = (statements: UpdateStatements): statements is GroupedStatements =>
  statements.together !== undefined

const known = new Map<string, UpdateStatements>()

/** @returns undefined where there is nothing to write */
export function updateOf(values: Values): UpdateStatements | undefined {
  const columns = WRITABLE.filter((column) => column in values)
  if (columns.length === 0) return undefined
  // Names of more than 63 bytes are cut off.
  const name = columns.map((column) => WRITABLE.indexOf(column)).join('')
  const there = known.get(name)
  if (there) return there
  const statements: UpdateStatements = {
    columns,
    alone: prepareSql<User>(`user_update_${name}`, alone(columns), profileColumns),
    ...(columns.every((column) => FREE.has(column)) && {
      together: prepareSql<User>(`users_update_${name}`, together(columns), profileColumns)
    })
  }
  known.set(name, statements)
  return statements
}

const placeholder = sql.placeholder

const nameOf = (column: Column) => sql.identifier(users[column].name)

function alone(columns: readonly Column[]) {
  const before = build
    .select(profileColumns)
    .from(users)
    .where(eq(users.id, placeholder('id')))
    .for('update')
  const set = columns.map((column) => sql`${nameOf(column)} = ${placeholder(column)}`)
  return sql`with before as ${before} update ${users} set ${sql.join(set, sql`, `)}
    from before where ${users.id} = before.id returning before.*`
}

function together(columns: readonly Column[]) {
  const before = build
    .select(profileColumns)
    .from(users)
    .where(sql`${users.id} = any(${placeholder('ids')}::bigint[])`)
    // Who only needs the user to stay there, as a new session does, is not in the way.
    .for('no key update', { skipLocked: true })
  const set = columns.map((column) => sql`${nameOf(column)} = given.${nameOf(column)}`)
  const lists = columns.map((column) => sql`${placeholder(column)}::text[]`)
  const given = sql`given (id, ${sql.join(columns.map(nameOf), sql`, `)})`
  return sql`with before as ${before} update ${users} set ${sql.join(set, sql`, `)}
    from before join unnest(${placeholder('ids')}::bigint[], ${sql.join(lists, sql`, `)}) as ${given} on given.id = before.id
    where ${users.id} = before.id returning before.*`
}
