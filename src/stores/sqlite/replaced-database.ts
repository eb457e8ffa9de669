import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Database, { type Database as DatabaseConnection } from 'better-sqlite3'
import { errorCode } from '../../error-code.ts'
import { reserveOf } from './disk-reserve.ts'
import { makeSingleFile } from './single-file.ts'
import { isBusy } from './sqlite-errors.ts'

/** Another process has the database open. */
export class DatabaseInUseError extends Error {
  constructor(path: string) {
    super(`${path} is in use by another process`)
  }
}

/** A database that is about to be replaced. */
export interface OldDatabase {
  /** What SQLite says where it can't be read; then nobody knows whether a service has it open. */
  damage: string | undefined
  /** The highest id that a user of it ever had; undefined where it is not known. */
  lastUserId: number | undefined
  release(): void
}

/** The endings of what belongs to a database and would be taken for a part of the next one by its name. */
const PARTS = ['-wal', '-shm', '-journal']

/** What of a database is there, its log alone too. */
export const partsOf = (path: string): string[] =>
  ['', ...PARTS].flatMap((ending) => (existsSync(path + ending) ? path + ending : []))

/**
 * Keeps everybody else from opening a database, until it is released. What is in its log is put into its file, so that
 * nothing is left beside it. Whoever has it open, the service too while it idles, has a lock on the file by which this is
 * refused: https://sqlite.org/wal.html#the_wal_file
 * @throws {DatabaseInUseError}
 */
export function holdDatabase(path: string): OldDatabase {
  let database: DatabaseConnection | undefined
  try {
    database = new Database(path, { fileMustExist: true, timeout: 0 })
    makeSingleFile(database)
    database.exec('BEGIN EXCLUSIVE')
    const lastUserId = readLastUserId(database)
    return { damage: undefined, lastUserId, release: () => void database?.close() }
  } catch (error) {
    database?.close()
    if (isBusy(error)) throw new DatabaseInUseError(path)
    if (!(error instanceof Database.SqliteError)) throw error
    return { damage: error.message, lastUserId: undefined, release() {} }
  }
}

/** A database of another kind has none. */
function readLastUserId(database: DatabaseConnection): number | undefined {
  const table = database.prepare("select 1 from sqlite_schema where name = 'sqlite_sequence'").get()
  if (!table) return undefined
  return database.prepare<[], number>("select seq from sqlite_sequence where name = 'users'").pluck().get()
}

/**
 * Ids that were given out and that the database doesn't know of must not be given again: tokens name their users by them.
 * @param beyond how many of them there may be at most
 */
export function keepIdsFromComingBack(path: string, ids: { upTo: number } | { beyond: number }): void {
  const database = new Database(path, { fileMustExist: true })
  try {
    const last = readLastUserId(database)
    const next = 'upTo' in ids ? Math.max(ids.upTo, last ?? 0) : (last ?? 0) + ids.beyond
    const { changes } = database.prepare("update sqlite_sequence set seq = ? where name = 'users'").run(next)
    if (changes === 0)
      database.prepare("insert into sqlite_sequence (name, seq) values ('users', ?)").run(next)
  } finally {
    database.close()
  }
}

/**
 * Gives a whole, synced database file its name, in one step: at any moment there is the old database or the new one.
 * @param old undefined where there was none; then one that came to be meanwhile stays
 * @returns where an old one that can't be read is kept
 * @throws `EEXIST`
 */
export function putInPlace(file: string, path: string, old: OldDatabase | undefined): string | undefined {
  const kept = old?.damage === undefined ? undefined : keepDamaged(path)
  // Of one that is held nothing is left. Of one that was lost or is damaged something may be.
  for (const ending of PARTS) rmSync(path + ending, { force: true })
  rmSync(reserveOf(path), { force: true })
  syncFolderNow(dirname(path))
  if (old) renameSync(file, path)
  else publish(file, path)
  syncFolderNow(dirname(path))
  return kept
}

/** Another name for what an expert may still read something of. */
function keepDamaged(path: string): string {
  const kept = `${path}-damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
  linkSync(path, kept)
  for (const ending of PARTS) if (existsSync(path + ending)) renameSync(path + ending, kept + ending)
  return kept
}

/** Not every file system has links (FAT has none). */
const WITHOUT_LINKS = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'])

/** Unlike a rename, a link never replaces what another process put there. */
function publish(file: string, path: string): void {
  try {
    linkSync(file, path)
    rmSync(file)
  } catch (error) {
    if (!WITHOUT_LINKS.has(errorCode(error))) throw error
    renameSync(file, path)
  }
}

function syncFolderNow(folder: string): void {
  if (process.platform === 'win32') return
  const file = openSync(folder, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
