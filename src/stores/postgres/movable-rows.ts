import {
  type ColumnKind,
  keyOf,
  type MovableColumn,
  type MovableRow,
  type MovableTable
} from '../../migration/movable-tables.ts'
import type { DatabaseFacts } from '../../migration/row-stores.ts'
import type { MigrationClient } from './migration-client.ts'
import { escapeText, unescapeText } from './texts.ts'

const TYPES: Record<ColumnKind, string> = {
  integer: 'bigint',
  expiry: 'bigint',
  boolean: 'boolean',
  text: 'text',
  key: 'text',
  uuid: 'uuid',
  bytes: 'bytea'
}

/** A column as it is moved. */
function selected({ name, kind }: MovableColumn): string {
  if (kind === 'boolean') return `${name}::int`
  return kind === 'bytes' ? `encode(${name}, 'hex')` : name
}

const columnsOf = ({ columns }: MovableTable) => columns.map(selected).join(', ')
const keyColumnsOf = ({ columns, keyColumns }: MovableTable) => columns.slice(0, keyColumns)

/** All rows, in the order that SQLite has them in. */
export function selectAll(table: MovableTable): string {
  const order = keyColumnsOf(table).map(({ name, kind }) => (kind === 'key' ? `${name} COLLATE "C"` : name))
  return `SELECT ${columnsOf(table)} FROM ${table.name} ORDER BY ${order.join(', ')}`
}

/** Rows by their keys. */
export const selectByKeys = (table: MovableTable): string =>
  `SELECT ${columnsOf(table)} FROM ${table.name} WHERE ${isOneOf(table)}`

export const deleteByKeys = (table: MovableTable): string =>
  `DELETE FROM ${table.name} WHERE ${isOneOf(table)}`

const isOneOf = (table: MovableTable) =>
  `(${keyColumnsOf(table)
    .map(({ name }) => name)
    .join(', ')}) IN (SELECT * FROM unnest(${parametersOf(keyColumnsOf(table))}))`

export const insertAll = ({ name, columns }: MovableTable): string =>
  `INSERT INTO ${name} (${columns.map((column) => column.name).join(', ')})
   SELECT * FROM unnest(${parametersOf(columns)})`

const parametersOf = (columns: readonly MovableColumn[]) =>
  columns.map(({ kind }, index) => `$${index + 1}::${TYPES[kind]}[]`).join(', ')

/** An array for each column, as `unnest` takes them. */
export const byColumns = (columns: readonly MovableColumn[], rows: readonly MovableRow[]) =>
  columns.map(({ kind }, index) =>
    rows.map((row) => {
      const text = row[index] ?? null
      if (text === null) return null
      return kind === 'bytes' ? `\\x${text}` : isText(kind) ? escapeText(text) : text
    })
  )

const isText = (kind: ColumnKind | undefined) => kind === 'text' || kind === 'key'

/** Rows as they came from the server, without what its texts are escaped by. */
export const unescapeRows = ({ columns }: MovableTable, rows: (string | null)[][]): MovableRow[] =>
  rows.map((row) =>
    row.map((text, index) => (text !== null && isText(columns[index]?.kind) ? unescapeText(text) : text))
  )

/** The same for keys. */
export const keysByColumns = (table: MovableTable, rows: readonly MovableRow[]) =>
  byColumns(
    keyColumnsOf(table),
    rows.map((row) => keyOf(table, row))
  )

const SEQUENCE = "pg_get_serial_sequence('users', 'id')"

export async function readFacts(client: MigrationClient): Promise<DatabaseFacts> {
  const [[sequence] = []] = await client.query(`SELECT ${SEQUENCE}`)
  const [[given, highest, rule] = []] = await client.query(
    `SELECT (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ${sequence}),
            (SELECT coalesce(max(id), 0) FROM users), (SELECT coalesce(max(rule), 0) FROM name_key_rule)`
  )
  return { lastUserId: Math.max(Number(given), Number(highest)), nameKeyRule: Number(rule) }
}

/** Within the open transaction. */
export async function writeFacts(
  client: MigrationClient,
  { lastUserId, nameKeyRule }: DatabaseFacts
): Promise<void> {
  await client.query(`SELECT setval(${SEQUENCE}, greatest($1::bigint, 1), $1::bigint > 0)`, [lastUserId])
  await client.query(
    "SELECT setval(pg_get_serial_sequence('audit_log', 'id'), greatest(max(id), 1), max(id) IS NOT NULL) FROM audit_log"
  )
  await client.query(
    'INSERT INTO name_key_rule (rule) VALUES ($1) ON CONFLICT ("only") DO UPDATE SET rule = excluded.rule',
    [nameKeyRule]
  )
}
