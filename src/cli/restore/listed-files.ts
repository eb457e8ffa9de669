import Database from 'better-sqlite3'
import { DATABASE, type FileEntry, PICTURES, SECRET } from '../backup/manifest.ts'

/** What a manifest names: as many as there are users, so not in memory but in a file of SQLite's that goes by itself. */
export interface ListedFiles {
  /** @returns false where it is there already */
  add(entry: FileEntry): boolean
  addMissing(picture: string): void
  has(name: string): boolean
  find(name: string): FileEntry | undefined
  all(): Iterable<FileEntry>
  /** Those in the folder of pictures. */
  pictures(): Iterable<FileEntry>
  /** Notes that a row names it. @returns whether it is listed: as a file, or as missing */
  notePicture(picture: string): boolean
  /** A few of those that no row names, and how many they are. */
  unnamed(limit: number): string[]
  /** Notes that it was put in its place, where there was none before. */
  notePlaced(name: string): void
  placed(): Iterable<string>
  count(): { pictures: number; missing: number; bytes: number }
  close(): void
}

const PAGE = 500

export function openListedFiles(): ListedFiles {
  const database = new Database('')
  database.exec(`
    create table files (name text primary key, bytes integer, sha256 text, named integer default 0, placed integer default 0)
      without rowid;
    create table missing (name text primary key, named integer default 0) without rowid;
    begin`)
  const add = database.prepare(
    'insert or ignore into files (name, bytes, sha256) values (:name, :bytes, :sha256)'
  )
  const addMissing = database.prepare('insert or ignore into missing (name) values (?)')
  const find = database.prepare<[string], FileEntry>('select name, bytes, sha256 from files where name = ?')
  const page = database.prepare<[string, number], FileEntry>(
    'select name, bytes, sha256 from files where name > ? order by name limit ?'
  )
  const noteFile = database.prepare('update files set named = 1 where name = ?')
  const noteMissing = database.prepare('update missing set named = 1 where name = ?')
  const notePlaced = database.prepare('update files set placed = 1 where name = ?')
  const placed = database.prepare<[], string>('select name from files where placed = 1').pluck()
  const unnamed = database
    .prepare<[number], string>(
      `select name from files where named = 0 and name like '${PICTURES}/%' union all
       select name from missing where named = 0 limit ?`
    )
    .pluck()

  function* all(): Iterable<FileEntry> {
    for (let rows = page.all('', PAGE); rows.length > 0; rows = page.all(rows.at(-1)?.name ?? '', PAGE))
      yield* rows
  }

  return {
    add: (entry) => add.run(entry).changes > 0,
    addMissing: (picture) => void addMissing.run(picture),
    has: (name) => find.get(name) !== undefined,
    find: (name) => find.get(name),
    all,
    *pictures() {
      for (const entry of all()) if (entry.name !== DATABASE && entry.name !== SECRET) yield entry
    },
    notePicture(picture) {
      // Both, where it is in both.
      const changes = [noteFile.run(`${PICTURES}/${picture}`), noteMissing.run(picture)]
      return changes.some((one) => one.changes > 0)
    },
    unnamed: (limit) => unnamed.all(limit),
    notePlaced: (name) => void notePlaced.run(name),
    placed: () => placed.iterate(),
    count() {
      const sum = (sql: string) => Number(database.prepare(sql).pluck().get())
      return {
        pictures: sum(`select count(*) from files where name like '${PICTURES}/%'`),
        missing: sum('select count(*) from missing'),
        bytes: sum('select ifnull(sum(bytes), 0) from files')
      }
    },
    close: () => void database.close()
  }
}
