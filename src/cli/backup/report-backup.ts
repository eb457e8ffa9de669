import { counted } from '../counted.ts'
import { printable, printableJson } from '../printable.ts'
import type { MadeBackup } from './make-backup.ts'

/** What came of it, for people or as one JSON object. */
export function describeBackup(
  { folder, head, hasSecret, seconds }: MadeBackup,
  { json }: { json: boolean }
): string {
  const { takenAt, counts } = head
  const { users, pictures, missing, bytes } = counts
  if (json) return `${printableJson({ folder, takenAt, ...counts, secret: hasSecret, seconds })}\n`
  const lines = [
    `${counted(users, 'user')} and ${counted(pictures, 'picture')} as of ${takenAt} are in ${printable(folder)}: ${counted(bytes, 'byte')}, ${seconds.toFixed(1)} s.`
  ]
  if (missing > 0)
    lines.push(
      `Missing: ${counted(missing, 'picture')} that users refer to; "fastify-user-profile doctor" names them.`
    )
  return `${lines.join('\n')}\n`
}
