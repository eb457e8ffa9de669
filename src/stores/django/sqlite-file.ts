import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import Database, { type Database as DatabaseConnection } from 'better-sqlite3'
import { SourceError } from '../../django/django-source.ts'
import { errorCode } from '../../error-code.ts'

export interface SnapshotFile {
  database: DatabaseConnection
  close(): void
}

/** Bytes 18 and 19 of a database's file are 2 where it has a write-ahead log (SQLite's file format, 1.3.3). */
const READ_VERSION_AT = 19
const WITH_LOG = 2

/** A write-ahead log can't be read where its index can be neither found nor made. */
const NEEDS_COPY = /^SQLITE_(?:CANTOPEN|READONLY)/

/**
 * Opens a database's file to read it as it is now: others go on writing, as far as its journal lets them. The file is never
 * written, and nothing is left beside it. Where a write-ahead log can't be followed without that, because nobody has the
 * file open or its folder is not ours to write, a private copy is read.
 * @throws {SourceError} of what is no file
 */
export function openSnapshot(path: string): SnapshotFile {
  // A pipe would be waited for, for ever.
  if (existsSync(path) && !statSync(path).isFile()) throw new SourceError(`${path} is no file`)
  try {
    if (wouldLeaveFiles(path)) return openCopy(path)
    const database = begin(path, { readonly: true, fileMustExist: true })
    return { database, close: () => database.close() }
  } catch (error) {
    if (!existsSync(path) || !NEEDS_COPY.test(errorCode(error))) throw error
    return openCopy(path)
  }
}

/** Of a file with a write-ahead log SQLite makes the log and its index where one is missing, and a mere reader leaves them. */
function wouldLeaveFiles(path: string): boolean {
  if (!existsSync(path) || (existsSync(`${path}-wal`) && existsSync(`${path}-shm`))) return false
  const versions = Buffer.alloc(2)
  const file = openSync(path, 'r')
  try {
    readSync(file, versions, 0, 2, READ_VERSION_AT - 1)
  } finally {
    closeSync(file)
  }
  return versions.includes(WITH_LOG)
}

function openCopy(path: string): SnapshotFile {
  const folder = mkdtempSync(join(tmpdir(), 'import-django-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const copy = join(folder, basename(path))
    const before = statSync(path).mtimeMs
    for (const ending of ['', '-wal', '-journal'])
      if (existsSync(path + ending)) copyFileSync(path + ending, copy + ending)
    if (statSync(path).mtimeMs !== before)
      throw new SourceError(`${path} was written while it was copied; try again`)
    const database = begin(copy, {})
    return {
      database,
      close() {
        database.close()
        remove()
      }
    }
  } catch (error) {
    remove()
    throw error
  }
}

/** A transaction that has read something sees nothing that is written later. */
function begin(path: string, options: Database.Options): DatabaseConnection {
  const database = new Database(path, options)
  try {
    database.exec('BEGIN')
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
