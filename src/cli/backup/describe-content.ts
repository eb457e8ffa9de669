import { counted } from '../counted.ts'
import type { ManifestHead } from './manifest.ts'

/** What a backup holds, as the beginning of a sentence. */
export const describeContent = ({ takenAt, counts: { users, pictures } }: ManifestHead): string =>
  `${counted(users, 'user')} and ${counted(pictures, 'picture')} as of ${takenAt}`

/** A sentence where pictures were missing when it was made; else none. */
export function describeMissing({ counts: { missing } }: ManifestHead): string[] {
  if (missing === 0) return []
  return [
    `Missing: ${counted(missing, 'picture')} that users refer to; "fastify-user-profile doctor" names them.`
  ]
}
