import type { OpenedPages } from './open-pages.ts'
import { rows } from './people.ts'

const SUMMARY = {
  users: { read: 1200, created: 1180, changed: 0, unchanged: 0, left_out: 20, deleted_here: 0 },
  pictures: { copied: 640, present: 0, missing: 1, dropped: 0 },
  tokens: { live: 2310, ended: 12, known: 0, expired: 0, left_out: 3 },
  without_password: 2,
  database: 'postgres://db.example.com/accounts',
  table: 'auth_user',
  columns: { id: 'id', username: 'username' },
  fallbacks: {},
  findings: { username_taken: 19, missing_picture: 1 },
  dry_run: false,
  seconds: 2.4
}

const FINDINGS = [
  { user: 41, finding: 'username_taken', with: 2, outcome: 'left_out' },
  {
    user: 77,
    finding: 'missing_picture',
    path: 'avatars/77.jpg',
    why: 'it is not there',
    outcome: 'imported_without_avatar'
  }
]

/** What an import leaves behind, without one. */
export const insertImport = (pages: OpenedPages): void =>
  void rows(
    pages,
    'insert into imports (at, summary, findings) values (?, ?, ?)',
    Date.now() - 3_600_000,
    JSON.stringify(SUMMARY),
    JSON.stringify(FINDINGS)
  )
