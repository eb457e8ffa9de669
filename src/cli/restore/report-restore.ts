import { describeContent, describeMissing } from '../backup/describe-content.ts'
import type { ManifestHead } from '../backup/manifest.ts'
import { counted } from '../counted.ts'
import type { LocalSettings } from '../one-machine.ts'
import { printable, printableJson } from '../printable.ts'
import type { Restored } from './restore-into.ts'

interface Choice {
  replace: boolean
  json: boolean
}

/** As one JSON object. */
export const describeDamage = (folder: string, damages: readonly string[]): string =>
  `${printableJson({ folder, whole: false, damages })}\n`

export function describeWhole(folder: string, head: ManifestHead, { json }: Choice): string {
  const { takenAt, counts } = head
  if (json) return `${printableJson({ folder, whole: true, takenAt, ...counts })}\n`
  return [`The backup is whole: ${describeContent(head)}.`, ...describeMissing(head)].join('\n').concat('\n')
}

interface Outcome {
  folder: string
  head: ManifestHead
  restored: Restored
  settings: Pick<LocalSettings, 'databasePath' | 'mediaRoot'>
  seconds: number
}

export function describeRestored(
  { folder, head, restored, settings, seconds }: Outcome,
  { replace, json }: Choice
): string {
  const { takenAt, counts } = head
  const { secret, damaged, others } = restored
  if (json)
    return `${printableJson({ folder, restored: true, takenAt, ...counts, secret, others, damaged, seconds })}\n`
  const lines = [
    `${describeContent(head)} are in ${printable(settings.databasePath)} and ${printable(settings.mediaRoot)}: ${counted(counts.bytes, 'byte')}, ${seconds.toFixed(1)} s.`,
    ...describeMissing(head)
  ]
  if (secret === 'kept')
    lines.push(
      'The key of tokens that is there stays. It is not that of the backup, so people have to sign in again.'
    )
  if (damaged !== undefined)
    lines.push(`The old database could not be read. It is kept as ${printable(damaged)}.`)
  if (others > 0)
    lines.push(
      replace
        ? `Deleted: ${counted(others, 'picture')} of the old database.`
        : `Left: ${counted(others, 'file')} in the folder of pictures of no user; "fastify-user-profile doctor" names them.`
    )
  return `${lines.join('\n')}\n`
}
