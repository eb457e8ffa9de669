import type { Database } from 'better-sqlite3'
import type { ImportRecord } from '../../admin/admin-store.ts'

const KEPT = 20

/** The part of the `ImportStore` that keeps what came of it. */
export function createImportRecords(database: Database): (record: Omit<ImportRecord, 'id'>) => void {
  const insert = database.prepare<[number, string, string]>(
    'INSERT INTO imports (at, summary, findings) VALUES (?, ?, ?)'
  )
  const forget = database.prepare<[number]>(
    'DELETE FROM imports WHERE id <= (SELECT id FROM imports ORDER BY id DESC LIMIT 1 OFFSET ?)'
  )
  return ({ at, summary, findings }) => {
    insert.run(at, JSON.stringify(summary), JSON.stringify(findings))
    forget.run(KEPT)
  }
}
