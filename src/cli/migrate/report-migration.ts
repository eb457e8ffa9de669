import type { PictureCounts } from '../../migration/move-pictures.ts'
import type { UnfitRow } from '../../migration/row-stores.ts'
import type { MigrationOutcome } from '../../migration/run-migration.ts'
import type { VerifiedTable } from '../../migration/verify-migration.ts'
import { counted } from '../counted.ts'
import { printable, printableJson } from '../printable.ts'

/** Of unfit rows and of pictures, for people. */
const SHOWN = 20

interface Circumstances {
  /** For people: without a password. */
  from: string
  to: string
  /** The file of the service's own secret, where it is in use. */
  secretFile: string | undefined
  seconds: number
  json: boolean
}

const HEADLINES: Record<MigrationOutcome['state'], (from: string, to: string) => string> = {
  moved: (from, to) => `All of ${from} is in ${to}, verified; the old database takes no more writes.`,
  already: (from, to) => `All of ${from} was moved to ${to} before; nothing was done.`,
  ahead: (from, to) =>
    `${from} is copied to ${to} as it was when this began. It is not moved yet: the next run brings what is new.`,
  unfit: (from) =>
    `Nothing was moved: some rows can't be. Mend or delete them, and run it again. The service goes on with ${from}.`,
  different: (from, to) =>
    `Nothing was moved: ${to} reads otherwise than it was written. The service goes on with ${from}.`
}

export function describeMigration(outcome: MigrationOutcome, circumstances: Circumstances): string {
  const { state, tables, pictures, unfit, lockedSeconds } = outcome
  const { from, to, secretFile, seconds, json } = circumstances
  if (json)
    return `${printableJson({ state, from, to, tables, pictures, unfit, lockedSeconds, secretFile, seconds })}\n`
  const lines = tables.map(
    ({ table, rows, written, sha256 }) =>
      `${table.padEnd(16)}${counted(rows, 'row').padStart(17)}, ${written.toLocaleString('en')} written, SHA-256 ${sha256}`
  )
  lines.push(...describePictures(pictures, state === 'ahead'), ...describeUnfit(unfit))
  lines.push(`${printable(HEADLINES[state](from, to))} ${seconds.toFixed(1)} s${locked(lockedSeconds)}.`)
  if (state === 'moved') {
    lines.push('Start the service with the new settings now.')
    if (secretFile !== undefined)
      lines.push(
        `JWT_SECRET has to be set to what is in ${printable(secretFile)}: else nobody's token works on.`
      )
  }
  return `${lines.join('\n')}\n`
}

const locked = (seconds: number | undefined) =>
  seconds === undefined ? '' : `, of them ${seconds.toFixed(1)} without writes`

function describePictures(pictures: PictureCounts | undefined, isAhead: boolean): string[] {
  if (!pictures) return []
  const { moved, bytes, present, missing, missingNames, differing, differingNames } = pictures
  const lines = [
    `${'pictures'.padEnd(16)}${moved.toLocaleString('en').padStart(12)}, ${counted(bytes, 'byte')}, ${present.toLocaleString('en')} of them there before`
  ]
  if (differing > 0)
    lines.push(
      `Not there, or others: ${counted(differing, 'picture')}:`,
      ...listed(differingNames, differing)
    )
  if (missing > 0) {
    const why = isAhead ? 'missing, or replaced meanwhile' : 'missing where they were, as before'
    lines.push(
      `${counted(missing, 'picture')} that users refer to, ${why}:`,
      ...listed(missingNames, missing)
    )
  }
  return lines
}

function listed(names: readonly string[], count: number): string[] {
  const shown = names.slice(0, SHOWN).map((name) => `  ${printable(name)}`)
  return count > shown.length
    ? [...shown, `  and ${(count - shown.length).toLocaleString('en')} more`]
    : shown
}

function describeUnfit({ rows, more }: MigrationOutcome['unfit']): string[] {
  if (rows.length === 0) return []
  const sentence = ({ table, key, column, reason }: UnfitRow) =>
    `${table} ${key.join(', ')}: ${column} ${reason}`
  return ['Rows that can’t be moved:', ...listed(rows.map(sentence), rows.length + more)]
}

export function describeVerification(
  tables: readonly VerifiedTable[],
  pictures: PictureCounts | undefined,
  { from, to, seconds, json }: Circumstances
): string {
  const isEqual = isVerified(tables, pictures)
  if (json) {
    const state = isEqual ? 'equal' : 'different'
    return `${printableJson({ state, from, to, tables, pictures, seconds })}\n`
  }
  const lines = tables.flatMap(({ table, source, target, differing }) => [
    `${table.padEnd(16)}${counted(source.rows, 'row').padStart(17)}, SHA-256 ${source.sha256}`,
    ...(source.sha256 === target.sha256
      ? []
      : [
          `${'  but there'.padEnd(16)}${counted(target.rows, 'row').padStart(17)}, SHA-256 ${target.sha256}`,
          ...differing.map((key) => `  ${printable(key.join(', '))}`)
        ])
  ])
  lines.push(...describePictures(pictures, false))
  lines.push(
    `${printable(from)} and ${printable(to)} ${isEqual ? 'are equal' : 'differ'}. ${seconds.toFixed(1)} s.`
  )
  return `${lines.join('\n')}\n`
}

export const isVerified = (tables: readonly VerifiedTable[], pictures: PictureCounts | undefined): boolean =>
  tables.every(({ source, target }) => source.sha256 === target.sha256) && (pictures?.differing ?? 0) === 0

export function describeMovedPictures(pictures: PictureCounts, seconds: number, json: boolean): string {
  if (json)
    return `${printableJson({ state: pictures.differing > 0 ? 'different' : 'moved', pictures, seconds })}\n`
  return `${[...describePictures(pictures, false), `${seconds.toFixed(1)} s.`].join('\n')}\n`
}
