import { setImmediate as nextTurn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { FileDigest } from '../disk/hashed-files.ts'
import { readSchemaVersion, type SchemaVersion } from './schema-version.ts'
import { isBusy } from './sqlite-errors.ts'

/** A picture that is in the backup already, by its key. */
export interface CopiedPicture extends FileDigest {
  name: string
}

/** A database, of which rows and pictures are backed up as they were at one instant. */
export interface BackupSource {
  /** Pictures that rows name now, or in the view, and that are not copied yet, ascending. */
  listUncopied(after: string, limit: number): string[]
  noteCopied(picture: CopiedPicture): void
  /**
   * Keeps everybody from writing, until `thaw`, and opens a view of that instant, until `closeView`: what is read here from
   * then on is of that instant, whatever is written after.
   * @returns false where somebody else kept the lock for longer than writes wait
   */
  freeze(signal: AbortSignal): Promise<boolean>
  thaw(): void
  closeView(): void
  /** Some copied pictures that the view doesn't name; they are no longer noted then. */
  takeSuperfluous(limit: number): string[]
  /** The copied pictures, ascending by name. */
  copied(): Iterable<CopiedPicture>
  /** How many users there are, and bytes of their rows. */
  describe(): { users: number; bytes: number; schema: SchemaVersion }
  /** Copies the view's rows into an empty file: one that needs no log beside it. */
  copyInto(
    path: string,
    options: { signal: AbortSignal; onPages?(done: number, all: number): void }
  ): Promise<void>
  close(): void
}

/** How long the lock is asked for in one go: signals are heard in between. */
const BLOCKING_MS = 100
/** 4 MB: as long as signals may wait. */
const PAGES_A_STEP = 1024
const PAGE = 500

/**
 * Opens a database beside the service, if that runs, by two connections: one for the lock, one for the view. Neither changes
 * anything.
 * @param busyTimeoutMs how long the lock of others is waited for
 */
export function openBackupSource(path: string, { busyTimeoutMs }: { busyTimeoutMs: number }): BackupSource {
  const reader = new Database(path, { fileMustExist: true, timeout: busyTimeoutMs })
  const locker = new Database(path, { fileMustExist: true, timeout: BLOCKING_MS })
  // Beside the database, in a file of its own that nobody else sees.
  reader.exec('create temp table copied (name text primary key, bytes integer, sha256 text) without rowid')
  const uncopied = reader
    .prepare<[string, number], string>(
      `select distinct avatar from users where avatar is not null and avatar > ?
       and not exists (select 1 from temp.copied where name = avatar) order by avatar limit ?`
    )
    .pluck()
  const note = reader.prepare('insert into temp.copied (name, bytes, sha256) values (:name, :bytes, :sha256)')
  const superfluous = reader
    .prepare<[number], string>(
      `select name from temp.copied where not exists (select 1 from users where avatar = name) limit ?`
    )
    .pluck()
  const forget = reader.prepare('delete from temp.copied where name = ?')
  const page = reader.prepare<[string, number], CopiedPicture>(
    'select name, bytes, sha256 from temp.copied where name > ? order by name limit ?'
  )

  async function lock(signal: AbortSignal): Promise<boolean> {
    for (const until = performance.now() + busyTimeoutMs; ; await nextTurn()) {
      signal.throwIfAborted()
      try {
        locker.exec('BEGIN IMMEDIATE')
        return true
      } catch (error) {
        if (!isBusy(error)) throw error
        if (performance.now() > until) return false
      }
    }
  }

  return {
    listUncopied: (after, limit) => uncopied.all(after, limit),
    noteCopied: (picture) => void note.run(picture),

    async freeze(signal) {
      if (!(await lock(signal))) return false
      reader.exec('BEGIN')
      // A transaction's view is that of its first read.
      reader.prepare('select 1 from users limit 1').get()
      return true
    },
    thaw: () => void locker.exec('ROLLBACK'),
    closeView: () => void reader.exec('ROLLBACK'),

    takeSuperfluous(limit) {
      const names = superfluous.all(limit)
      for (const name of names) forget.run(name)
      return names
    },

    *copied() {
      for (let rows = page.all('', PAGE); rows.length > 0; rows = page.all(rows.at(-1)?.name ?? '', PAGE))
        yield* rows
    },

    describe() {
      const count = (sql: string) => Number(reader.prepare(sql).pluck().get())
      const bytes = count('select page_count * page_size from pragma_page_count, pragma_page_size')
      return { users: count('select count(*) from users'), bytes, schema: readSchemaVersion(reader) }
    },

    async copyInto(copy, { signal, onPages }) {
      // It reads within the open transaction, so that what is written meanwhile neither is in it nor begins it anew.
      await reader.backup(copy, {
        progress({ totalPages, remainingPages }) {
          signal.throwIfAborted()
          onPages?.(totalPages - remainingPages, totalPages)
          return PAGES_A_STEP
        }
      })
    },

    close() {
      reader.close()
      locker.close()
    }
  }
}
