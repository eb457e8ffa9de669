import Database, { type Database as DatabaseConnection } from 'better-sqlite3'
import { MigrationRefused } from '../../migration/migration-refused.ts'
import {
  type ColumnKind,
  HASHED_KEY,
  MOVABLE_TABLES,
  type MovableColumn,
  type MovableRow,
  type MovableTable
} from '../../migration/movable-tables.ts'
import type { MigrationTarget } from '../../migration/row-stores.ts'
import { identityKey } from '../../users/identity.ts'
import { clearMark, findMark, setMark } from './migration-guard.ts'
import { readFacts } from './migration-source.ts'
import { createMovableRows } from './movable-rows.ts'
import { openDatabase } from './open-database.ts'
import { isBusy } from './sqlite-errors.ts'

const BUSY_MS = 1000
const PAGE_CACHE_KIB = 65_536

/** `MigrationTarget` over a SQLite file, made where missing. Nobody else can open it meanwhile. */
export function openSqliteTarget(path: string): MigrationTarget {
  const database = openAlone(path)
  const rows = createMovableRows(database)
  const count = ({ name }: MovableTable) =>
    Number(database.prepare(`select count(*) from ${name}`).pluck().get())
  const isEmpty = () => MOVABLE_TABLES.every((table) => count(table) === 0)
  const statements = new Map<string, Database.Statement>()
  const prepared = (sql: string) => {
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  return {
    label: `sqlite:${path}`,

    async claim(source) {
      const mark = findMark(database)
      if (mark?.state === 'moved')
        throw new MigrationRefused(`${path} was moved to ${mark.other}: name a new file.`)
      if (mark && mark.other !== source)
        throw new MigrationRefused(`${path} holds a part of ${mark.other}: name a new file.`)
      if (mark) return true
      if (!isEmpty()) return false
      database.transaction(() => setMark(database, { state: 'arriving', other: source })).immediate()
      return true
    },

    count: async (table) => count(table),

    async *read(table) {
      for (let after: bigint | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
        const page = rows.page(table, after)
        yield page.rows
        after = page.last
      }
    },

    async insert({ name, columns }, batch) {
      const insert = prepared(
        `insert into ${name} (${columns.map((column) => column.name).join(', ')}) values (${columns.map(() => '?').join(', ')})`
      )
      database.transaction(() => {
        for (const row of batch) insert.run(...valuesOf(columns, row))
      })()
    },

    async remove({ name, columns, keyColumns }, keys) {
      const where = columns.slice(0, keyColumns).map((column) => `${column.name} = ?`)
      const remove = prepared(`delete from ${name} where ${where.join(' and ')}`)
      database.transaction(() => {
        for (const key of keys) remove.run(...key)
      })()
    },

    facts: async () => readFacts(database),

    async finish({ lastUserId, nameKeyRule }) {
      database
        .transaction(() => {
          clearMark(database)
          database.exec("delete from sqlite_sequence where name = 'users'")
          database.prepare("insert into sqlite_sequence (name, seq) values ('users', ?)").run(lastUserId)
          database.pragma(`user_version = ${nameKeyRule}`)
        })
        .immediate()
    },

    close: async () => void database.close()
  }
}

/** The lock lasts until it is closed: https://sqlite.org/pragma.html#pragma_locking_mode */
function openAlone(path: string): DatabaseConnection {
  let database: DatabaseConnection | undefined
  try {
    openDatabase(path, { busyTimeoutMs: BUSY_MS, cacheKib: PAGE_CACHE_KIB }).$client.close()
    database = new Database(path, { fileMustExist: true, timeout: BUSY_MS })
    database.pragma('locking_mode = EXCLUSIVE')
    database.pragma('foreign_keys = ON')
    database.pragma('synchronous = FULL')
    database.pragma(`cache_size = -${PAGE_CACHE_KIB}`)
    database.exec('BEGIN IMMEDIATE; COMMIT')
    return database
  } catch (error) {
    database?.close()
    if (isBusy(error)) throw new MigrationRefused(`${path} is in use by another process.`, { cause: error })
    throw error
  }
}

type Value = string | bigint | Buffer | null

function valuesOf(columns: readonly MovableColumn[], row: MovableRow): Value[] {
  const textAt = (name: string) => row[columns.findIndex((column) => column.name === name)] ?? ''
  return columns.map(({ name, kind }, index) => {
    const text = row[index] ?? null
    // A long key came as its hash; of names it is made anew.
    const isHash = kind === 'key' && text?.startsWith(HASHED_KEY)
    return isHash ? identityKey(textAt(name.replace(/_key$/, ''))) : cellOf(kind, text)
  })
}

function cellOf(kind: ColumnKind, text: string | null): Value {
  if (text === null) return null
  if (kind === 'integer' || kind === 'expiry' || kind === 'boolean') return BigInt(text)
  return kind === 'bytes' ? Buffer.from(text, 'hex') : text
}
