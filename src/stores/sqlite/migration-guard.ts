import type { Database } from 'better-sqlite3'
import { describeMark, type MigrationMark } from '../../migration/migration-mark.ts'
import { MOVABLE_TABLES } from '../../migration/movable-tables.ts'
import { StoreRefused } from '../../store-refused.ts'
import { MOVED_AWAY } from './moved-away.ts'

const MARKS = 'store_migration'
const WRITES = ['insert', 'update', 'delete'] as const

/** Undefined where there is none: the database is a service's. */
export function findMark(database: Database): MigrationMark | undefined {
  const table = database.prepare('select 1 from sqlite_schema where name = ?').get(MARKS)
  if (!table) return undefined
  return database.prepare<[], MigrationMark>(`select state, other from ${MARKS}`).get()
}

/** Within the open transaction. */
export function setMark(database: Database, { state, other }: MigrationMark): void {
  database.exec(`create table ${MARKS} (state text not null, other text not null)`)
  database.prepare(`insert into ${MARKS} values (?, ?)`).run(state, other)
}

export const clearMark = (database: Database): void => void database.exec(`drop table if exists ${MARKS}`)

/** Every write to a row is refused from the open transaction's commit on, also one of a service that has the file open. */
export function forbidWrites(database: Database): void {
  for (const { name } of MOVABLE_TABLES)
    for (const write of WRITES)
      database.exec(
        `create trigger ${triggerOf(name, write)} before ${write} on ${name} begin select raise(abort, '${MOVED_AWAY}'); end`
      )
}

export function allowWrites(database: Database): void {
  for (const { name } of MOVABLE_TABLES)
    for (const write of WRITES) database.exec(`drop trigger if exists ${triggerOf(name, write)}`)
}

const triggerOf = (table: string, write: string) => `${MARKS}_${table}_${write}`

/** @throws {StoreRefused} of a database that no service may use: it is on a move, or was moved away */
export function refuseMarked(database: Database, path: string): void {
  const mark = findMark(database)
  if (mark) throw new StoreRefused('DATABASE_URL', `${path}: ${describeMark(mark)}`)
}
