import type { UserTable } from '../../django/django-source.ts'
import { nameOf } from '../../django/find-user-table.ts'
import { FINDING_KINDS, type FindingKind, type ImportCounts } from '../../django/findings.ts'
import { FALLBACKS, USER_FIELDS } from '../../django/user-fields.ts'
import { counted } from '../counted.ts'
import { printable } from '../printable.ts'

export interface ImportSummary extends ImportCounts {
  /** Without a password. */
  database: string
  table: string
  /** Our names to theirs. */
  columns: UserTable['columns']
  /** What was filled in for fields without a column. */
  fallbacks: Record<string, string>
  findings: Record<FindingKind, number>
  dry_run: boolean
  seconds: number
}

interface Facts {
  counts: ImportCounts
  findings: Record<FindingKind, number>
  database: string
  table: UserTable
  dryRun: boolean
  seconds: number
}

export function summarise({ counts, findings, database, table, dryRun, seconds }: Facts): ImportSummary {
  const fallbacks = Object.entries(FALLBACKS).filter(
    ([field]) => !USER_FIELDS.some((one) => one === field && table.columns[one] !== undefined)
  )
  return {
    ...counts,
    database,
    table: nameOf(table),
    columns: table.columns,
    fallbacks: Object.fromEntries(fallbacks),
    findings,
    dry_run: dryRun,
    seconds: Math.round(seconds * 10) / 10
  }
}

/** A few lines for people. */
export function describeSummary(summary: ImportSummary): string {
  const { users, pictures, tokens, table, fallbacks, without_password, seconds, dry_run } = summary
  const list = (counts: Record<string, number>, names: Record<string, string>) =>
    Object.entries(names)
      .filter(([key, name], index) => index === 0 || counts[key] || name.startsWith(' '))
      .map(([key, name]) => `${format(counts[key] ?? 0)} ${name.trim()}`)
      .join(', ')
  const lines = [
    `Users:    ${list(users, {
      read: `read from ${printable(table)}`,
      created: ' created',
      changed: ' changed',
      unchanged: ' unchanged',
      deleted_here: 'deleted here before',
      left_out: ' left out'
    })}`,
    `Pictures: ${list(pictures, { copied: 'copied', present: ' here already', missing: ' missing', dropped: 'dropped' })}`,
    `Tokens:   ${list(tokens, {
      live: 'live',
      ended: ' ended',
      known: 'known already',
      expired: 'expired and left out',
      left_out: 'of others left out'
    })}`
  ]
  if (without_password > 0)
    lines.push(`Without a password, as Django has it too: ${counted(without_password, 'user')}`)
  for (const [field, value] of Object.entries(fallbacks))
    lines.push(`There is no column ${field}: ${value} for everybody`)
  lines.push(
    dry_run
      ? `It was a dry run: nothing was changed (${seconds} s).`
      : `All of that is in place (${seconds} s).`
  )
  return `${lines.join('\n')}\n`
}

export const noFindings = (): Record<FindingKind, number> => {
  const none: Partial<Record<FindingKind, number>> = {}
  for (const kind of FINDING_KINDS) none[kind] = 0
  return none as Record<FindingKind, number>
}

const format = (count: number) => count.toLocaleString('en')
