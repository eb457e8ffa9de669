import { counted } from '../counted.ts'
import { printable, printableJson } from '../printable.ts'
import { describeContent, describeMissing } from './describe-content.ts'
import type { MadeBackup } from './make-backup.ts'

/** What came of it, for people or as one JSON object. */
export function describeBackup(
  { folder, head, hasSecret, seconds }: MadeBackup,
  { json }: { json: boolean }
): string {
  const { takenAt, counts } = head
  if (json) return `${printableJson({ folder, takenAt, ...counts, secret: hasSecret, seconds })}\n`
  const lines = [
    `${describeContent(head)} are in ${printable(folder)}: ${counted(counts.bytes, 'byte')}, ${seconds.toFixed(1)} s.`,
    ...describeMissing(head)
  ]
  return `${lines.join('\n')}\n`
}
