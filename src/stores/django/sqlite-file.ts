import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import Database, { type Database as DatabaseConnection } from 'better-sqlite3'
import { errorCode } from '../../error-code.ts'

export interface SnapshotFile {
  database: DatabaseConnection
  close(): void
}

/** A write-ahead log can't be read where its index can be neither found nor made. */
const NEEDS_COPY = /^SQLITE_(?:CANTOPEN|READONLY)/

/**
 * Opens a database's file to read it as it is now: others go on writing, as far as its journal lets them. The file is never
 * written. In a folder that is not ours to write a write-ahead log can't be followed; there a private copy is read.
 */
export function openSnapshot(path: string): SnapshotFile {
  try {
    const database = begin(path, { readonly: true, fileMustExist: true })
    return { database, close: () => database.close() }
  } catch (error) {
    if (!existsSync(path) || !NEEDS_COPY.test(errorCode(error))) throw error
    return openCopy(path)
  }
}

function openCopy(path: string): SnapshotFile {
  const folder = mkdtempSync(join(tmpdir(), 'import-django-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const copy = join(folder, basename(path))
    for (const ending of ['', '-wal'])
      if (existsSync(path + ending)) copyFileSync(path + ending, copy + ending)
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
