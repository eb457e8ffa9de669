import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'

/** What the memory that SQLite shares between the connections of a file says about its write-ahead log. */
export interface WalIndex {
  /** A number that changes when another connection has committed, and only then. */
  dataVersion(): number
  /** How many pages the log holds. */
  frames(): number
  /** To be called once the database is closed. */
  close(): void
}

/** The header of the wal-index, which every commit changes: https://sqlite.org/walformat.html, section 2.1. */
const HEADER_BYTES = 48
/** `mxFrame`, the fifth of its numbers of 32 bits in the machine's order. */
const FRAMES_AT = 4

/**
 * `PRAGMA data_version`, asked only when the header of the wal-index says that anybody has committed since: reading
 * that takes half the time, and it is read for every request.
 * @param path the database's file, open in WAL mode; or `:memory:`, which nobody else can reach
 */
export function openWalIndex(database: Database, path: string): WalIndex {
  if (path === ':memory:') return { dataVersion: () => 0, frames: () => 0, close() {} }
  const pragma = database.prepare<[], number>('PRAGMA data_version').pluck()
  // The index is made by the first read.
  pragma.get()
  const { file: index, close } = openShared(`${path}-shm`)
  const header = Buffer.alloc(HEADER_BYTES)
  const numbers = new Uint32Array(header.buffer, header.byteOffset, HEADER_BYTES / 4)
  const known = Buffer.alloc(HEADER_BYTES)
  let version: number | undefined

  const readHeader = () => readSync(index, header, 0, HEADER_BYTES, 0)

  return {
    dataVersion() {
      readHeader()
      if (version === undefined || !header.equals(known)) {
        // Asked after the header was read: what is committed in between changes the header again.
        version = pragma.get() ?? 0
        header.copy(known)
      }
      return version
    },
    frames() {
      readHeader()
      return numbers[FRAMES_AT] ?? 0
    },
    close
  }
}

/** The files that are open, by what the system calls them, and how many need each. */
const shared = new Map<string, { file: number; users: number }>()

/**
 * Opens a file once for all of this process: closing it ends all locks that the process has on it (fcntl(2)), those of other
 * connections to the same database too. See https://sqlite.org/howtocorrupt.html, section 2.2.
 */
function openShared(path: string): { file: number; close(): void } {
  const { dev, ino } = statSync(path, { bigint: true })
  const id = `${dev}:${ino}`
  const known = shared.get(id) ?? { file: openSync(path, 'r'), users: 0 }
  known.users++
  shared.set(id, known)
  return {
    file: known.file,
    close() {
      known.users--
      if (known.users > 0) return
      shared.delete(id)
      closeSync(known.file)
    }
  }
}
