import { isUtf8 } from 'node:buffer'
import type { Database } from 'better-sqlite3'
import {
  type ColumnKind,
  keyOf,
  type MovableColumn,
  type MovableRow,
  type MovableTable
} from '../../migration/movable-tables.ts'
import type { UnfitRow } from '../../migration/row-stores.ts'
import { keyText } from '../postgres/texts.ts'

type Cell = string | number | bigint | Buffer | null

export interface MovableRows {
  /** A page of rows in the order of their keys, and the `rowid` that the next comes after; undefined at the end. */
  page(table: MovableTable, after: bigint | undefined): { rows: MovableRow[]; last: bigint | undefined }
  find(table: MovableTable, keys: readonly MovableRow[]): MovableRow[]
  unfit(): { rows: readonly UnfitRow[]; more: number }
}

const PAGE = 2000
const MAX_NOTED = 1000
/** What readers of texts put in the place of bytes that are no UTF-8; but it may have been written as such. */
const REPLACEMENT = '\ufffd'

/**
 * Rows as they are moved. Columns here take any value, whatever their type is, and texts any bytes: what a stricter database
 * would refuse is noted and left out, with all that belongs to it.
 */
export function createMovableRows(database: Database): MovableRows {
  const statements = new Map<string, ReturnType<typeof prepare>>()
  const statementsOf = (table: MovableTable) => {
    const prepared = statements.get(table.name) ?? prepare(database, table)
    statements.set(table.name, prepared)
    return prepared
  }
  const leftOut = new Map<string, Set<string>>()
  const noted: UnfitRow[] = []
  let more = 0

  function leaveOut(table: MovableTable, cells: Cell[], column: string, reason: string): undefined {
    const key = cells.slice(1, 1 + table.keyColumns).map(String)
    const keys = leftOut.get(table.name) ?? new Set()
    leftOut.set(table.name, keys)
    // Of the tables that have children, one column is the key.
    keys.add(key[0] ?? '')
    if (noted.length < MAX_NOTED) noted.push({ table: table.name, key, column, reason })
    else more++
  }

  /** @param cells with the `rowid` in front, and whether there is a parent behind */
  function convert(table: MovableTable, cells: Cell[]): MovableRow | undefined {
    const { columns, parent } = table
    const row: (string | null)[] = []
    for (const [index, { name, kind, maxBytes }] of columns.entries()) {
      const cell = cells[index + 1] ?? null
      const text = cell === null ? null : textOf(kind, cell)
      if (text === undefined) return leaveOut(table, cells, name, reasonFor(kind))
      if ((kind === 'text' || kind === 'key') && text !== null) {
        const reason = textRefusal(text, maxBytes, () => statementsOf(table).bytes(name, cells[0] as bigint))
        if (reason !== undefined) return leaveOut(table, cells, name, reason)
      }
      row.push(text)
    }
    if (!parent) return row
    const named = row[parent.column] ?? ''
    if (leftOut.get(parent.table)?.has(named)) {
      leftOut.set(table.name, (leftOut.get(table.name) ?? new Set()).add(keyOf(table, row)[0] ?? ''))
      return undefined
    }
    if (cells.at(-1) === 1n) return row
    return leaveOut(
      table,
      cells,
      columns[parent.column]?.name ?? '',
      `names a row of ${parent.table} that is not there`
    )
  }

  function convertAll(table: MovableTable, page: Cell[][]): MovableRow[] {
    const rows: MovableRow[] = []
    for (const cells of page) {
      const row = convert(table, cells)
      if (row) rows.push(row)
    }
    return rows
  }

  return {
    page(table, after) {
      const { first, next } = statementsOf(table)
      const page = after === undefined ? first.all() : next.all(after)
      const last = page.length < PAGE ? undefined : page.at(-1)?.[0]
      return { rows: convertAll(table, page), last: typeof last === 'bigint' ? last : undefined }
    },
    find(table, keys) {
      const { byKey } = statementsOf(table)
      return convertAll(
        table,
        keys.flatMap((key) => byKey.all(...key))
      )
    },
    unfit: () => ({ rows: noted, more })
  }
}

function prepare(database: Database, { name, columns, keyColumns, parent }: MovableTable) {
  const keys = columns.slice(0, keyColumns).map((column) => `t.${column.name}`)
  const key = keys.join(', ')
  const hasParent = parent
    ? `, exists (select 1 from ${parent.table} p where p.id = t.${columns[parent.column]?.name})`
    : ''
  const select = `select t.rowid, ${columns.map((column) => `t.${column.name}`).join(', ')}${hasParent} from ${name} t`
  const rows = <Parameters extends unknown[]>(sql: string) =>
    database.prepare<Parameters, Cell[]>(sql).raw().safeIntegers()
  return {
    first: rows<[]>(`${select} order by ${key} limit ${PAGE}`),
    // By its number: a key that is no UTF-8 would not be found by what it reads as.
    next: rows<[bigint]>(
      `${select} where (${key}) > (select ${key} from ${name} t where t.rowid = ?) order by ${key} limit ${PAGE}`
    ),
    byKey: rows<(string | null)[]>(`${select} where ${keys.map((one) => `${one} = ?`).join(' and ')}`),
    bytes: (column: string, rowid: bigint) =>
      database
        .prepare<[bigint], Buffer>(`select cast(${column} as blob) from ${name} where rowid = ?`)
        .pluck()
        .get(rowid)
  }
}

/** Undefined where a value is of another kind. */
function textOf(kind: ColumnKind, cell: Exclude<Cell, null>): string | undefined {
  switch (kind) {
    case 'integer':
      return typeof cell === 'bigint' ? String(cell) : undefined
    case 'boolean':
      return cell === 0n || cell === 1n ? String(cell) : undefined
    case 'bytes':
      return Buffer.isBuffer(cell) ? cell.toString('hex') : undefined
    case 'uuid':
      return typeof cell === 'string' && UUID.test(cell) ? cell : undefined
    case 'text':
      return typeof cell === 'string' ? cell : undefined
    case 'key':
      return typeof cell === 'string' ? keyText(cell) : undefined
    case 'expiry':
      if (typeof cell === 'number') return String(Math.min(Math.ceil(cell), Number.MAX_SAFE_INTEGER))
      return typeof cell === 'bigint' ? String(cell) : undefined
  }
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

const reasonFor = (kind: ColumnKind): string =>
  ({
    integer: 'is no whole number',
    expiry: 'is no number',
    boolean: 'is neither 0 nor 1',
    bytes: 'is no bytes',
    uuid: 'is no UUID in lower case',
    text: 'is bytes and no text',
    key: 'is bytes and no text'
  })[kind]

function textRefusal(
  text: string,
  maxBytes: MovableColumn['maxBytes'],
  bytes: () => Buffer | undefined
): string | undefined {
  if (text.includes(REPLACEMENT) && !isUtf8(bytes() ?? Buffer.alloc(0))) return 'is no UTF-8'
  if (maxBytes !== undefined && text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes)
    return `is longer than ${maxBytes.toLocaleString('en')} bytes`
}
