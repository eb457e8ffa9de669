import type { Database } from 'better-sqlite3'
import type { MediaKey } from '../../avatars/media-store.ts'
import type { Candidate } from '../../django/candidate.ts'
import type { UserId } from '../../users/user.ts'

/** What an import has to remember while it runs, in tables that only its connection sees and that the disk holds. */
const TABLES = `
  CREATE TEMP TABLE deferred (id INTEGER PRIMARY KEY, candidate TEXT NOT NULL);
  CREATE TEMP TABLE claimed_pictures (key TEXT PRIMARY KEY) WITHOUT ROWID`

/** The part of the `ImportStore` that remembers whom and which pictures it has seen. */
export function createImportNames(database: Database) {
  database.exec(TABLES)
  const defer = database.prepare<[number, string]>(
    'INSERT OR REPLACE INTO deferred (id, candidate) VALUES (?, ?)'
  )
  const list = database
    .prepare<[number, number], string>('SELECT candidate FROM deferred WHERE id > ? ORDER BY id LIMIT ?')
    .pluck()
  const resume = database.prepare<[number]>('DELETE FROM deferred WHERE id = ?')
  const claim = database.prepare<[string]>('INSERT OR IGNORE INTO claimed_pictures (key) VALUES (?)')

  return {
    defer: (candidate: Candidate) => void defer.run(candidate.id, JSON.stringify(candidate)),
    list: (after: number, limit: number) => list.all(after, limit).map((text): Candidate => JSON.parse(text)),
    resume: (id: UserId) => void resume.run(id),
    claimPicture: (key: MediaKey) => claim.run(key).changes > 0
  }
}
