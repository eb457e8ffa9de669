import type { ImportRecord } from '../../admin/admin-store.ts'
import type { Finding } from '../../django/findings.ts'
import type { ImportSummary } from './import-summary.ts'

/** What comes from the other database can be of any length; as much is kept of each text, in UTF-16 code units. */
const MAX_TEXT = 300

/** What is kept of an import in the database: its summary up to the commit, and these of its findings. */
export const makeRecord = (
  summary: ImportSummary,
  findings: readonly Finding[],
  at: number
): Omit<ImportRecord, 'id'> => ({ at, summary: { ...summary }, findings: findings.map(shorten) })

function shorten(finding: Finding): Readonly<Record<string, unknown>> {
  const entries = Object.entries(finding).map(([name, value]) => [
    name,
    typeof value === 'string' && value.length > MAX_TEXT
      ? `${value.slice(0, MAX_TEXT).toWellFormed()}…`
      : value
  ])
  return Object.fromEntries(entries)
}
