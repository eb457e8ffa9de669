import { SourceError, type SourceTable, type UserTable } from './django-source.ts'
import { REQUIRED_FIELDS, USER_FIELDS, type UserField } from './user-fields.ts'

export interface TableChoice {
  /** The table's name, in PostgreSQL also with its schema in front. Undefined: the one that looks like users. */
  table: string | undefined
  /** Our names to theirs, where they differ. */
  columns: ReadonlyMap<'id' | UserField, string>
}

/** By which the table of an `AbstractUser` (`django.contrib.auth.models`) is known. */
const SIGNATURE = ['id', 'password', 'last_login', 'username', 'email', 'is_active', 'date_joined'] as const

const LISTED = 30

/**
 * The table of users: the one that was named, or the only one that has an `AbstractUser`'s columns.
 * @throws {SourceError} which says what there is to choose from
 */
export function findUserTable(tables: readonly SourceTable[], choice: TableChoice): UserTable {
  const table = choice.table === undefined ? guess(tables, choice) : named(tables, choice.table)
  for (const [ours, theirs] of choice.columns)
    if (!table.columns.includes(theirs))
      throw new SourceError(
        `--column ${ours}=${theirs}: ${nameOf(table)} has no column ${theirs}; its columns are ${table.columns.join(', ')}`
      )
  const theirs = (field: 'id' | UserField) => {
    const column = choice.columns.get(field) ?? field
    return table.columns.includes(column) ? column : undefined
  }
  const id = theirs('id')
  const missing = [...(id === undefined ? ['id'] : []), ...REQUIRED_FIELDS.filter((field) => !theirs(field))]
  if (id === undefined || missing.length > 0)
    throw new SourceError(
      `${nameOf(table)} has no column ${missing.join(', ')}; its columns are ${table.columns.join(', ')}. --column ours=theirs says which is which`
    )
  const fields = USER_FIELDS.flatMap((field) => {
    const column = theirs(field)
    return column === undefined ? [] : [[field, column]]
  })
  return { schema: table.schema, name: table.name, columns: { id, ...Object.fromEntries(fields) } }
}

/** As a person would name it: with its schema where it has to be. */
export const nameOf = ({ schema, name }: Pick<SourceTable, 'schema' | 'name'>): string =>
  schema === undefined ? name : `${schema}.${name}`

function guess(tables: readonly SourceTable[], { columns }: TableChoice): SourceTable {
  const alike = tables.filter((table) =>
    SIGNATURE.every((field) => table.columns.includes(columns.get(field) ?? field))
  )
  const [only, ...others] = alike
  if (only && others.length === 0) return only
  if (only) throw new SourceError(`several tables look like users: ${list(alike)}. --table says which it is`)
  throw new SourceError(`no table looks like users (${SIGNATURE.join(', ')}). ${describe(tables)}`)
}

function named(tables: readonly SourceTable[], name: string): SourceTable {
  const found = tables.find((table) => nameOf(table) === name)
  if (found) return found
  throw new SourceError(`there is no table ${name}. ${describe(tables)}`)
}

const describe = (tables: readonly SourceTable[]) =>
  tables.length === 0
    ? 'There are no tables at all'
    : `The tables are ${list(tables)}; --table names one, --column ours=theirs its columns`

function list(tables: readonly SourceTable[]): string {
  const names = tables.map(nameOf)
  const more = names.length - LISTED
  return more > 0 ? `${names.slice(0, LISTED).join(', ')} and ${more} more` : names.join(', ')
}
