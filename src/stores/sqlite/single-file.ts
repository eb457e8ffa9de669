import { closeSync, openSync, readSync } from 'node:fs'
import Database, { type Database as DatabaseConnection } from 'better-sqlite3'

/** Makes a database that nobody has open a file that needs no log beside it. @throws `SQLITE_BUSY` where somebody has it open */
export function makeSingleFile(database: DatabaseConnection): void {
  const mode = database.pragma('journal_mode = DELETE', { simple: true })
  if (mode !== 'delete') throw new Database.SqliteError('the log could not be put away', 'SQLITE_BUSY')
}

/** The bytes of a database's header that say whether it is written with a log; 1 and 1 where it is not. */
const VERSIONS_AT = 18

/** Whether all of a database is in its file, by its header: https://sqlite.org/fileformat.html#file_format_version_numbers */
export function isSingleFile(path: string): boolean {
  const versions = Buffer.alloc(2)
  const file = openSync(path, 'r')
  try {
    readSync(file, versions, 0, 2, VERSIONS_AT)
  } finally {
    closeSync(file)
  }
  return versions[0] === 1 && versions[1] === 1
}
