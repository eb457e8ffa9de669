import { printable, printableJson } from '../printable.ts'
import type { MadeBackup } from './make-backup.ts'

const number = (value: number) => value.toLocaleString('en')

/** What came of it, for people or as one JSON object. */
export function describeBackup(
  { folder, head, hasSecret, seconds }: MadeBackup,
  { json }: { json: boolean }
): string {
  const { takenAt, counts } = head
  const { users, pictures, missing, bytes } = counts
  if (json) return `${printableJson({ folder, takenAt, ...counts, secret: hasSecret, seconds })}\n`
  const lines = [
    `${number(users)} users and ${number(pictures)} pictures as of ${takenAt} are in ${printable(folder)}: ${number(bytes)} bytes, ${seconds.toFixed(1)} s.`
  ]
  if (missing > 0)
    lines.push(
      `${number(missing)} pictures that users refer to were not there; "fastify-user-profile doctor" names them.`
    )
  return `${lines.join('\n')}\n`
}
