import type { Finding, FindingKind, FindingOutcome } from '../../django/findings.ts'
import { printable } from '../printable.ts'

export const HEADINGS: Record<FindingKind, string> = {
  invalid: 'Can’t be read, left out',
  id_taken: 'The id is somebody else’s here, left out',
  username_taken: 'The username is somebody else’s',
  email_taken: 'The email is somebody else’s',
  conflict: 'Changed there and here, stays as it is here',
  deleted_here: 'Deleted here, not brought back',
  gone_from_django: 'No longer there, stays here',
  missing_picture: 'No picture for the avatar',
  over_long: 'Longer than the interface takes',
  password_unusable: 'No password will work until a new one is set'
}

const OUTCOMES: Record<FindingOutcome, string> = {
  left_out: 'left out',
  imported: 'imported',
  imported_without_avatar: 'no avatar',
  kept_here: 'stays as it is here'
}

/**
 * A row of the table of its kind: who, what, why, and what became of it. What comes from the other database is quoted, and
 * can neither move the cursor nor be of any length.
 */
export function describeFinding(finding: Finding): string[] {
  const { user, field, why, path, length, limit, algorithm, outcome } = finding
  const reasons: string[] = []
  if (finding.with !== undefined) reasons.push(`is user ${finding.with}’s`)
  if (algorithm !== undefined) reasons.push(algorithm)
  if (why !== undefined) reasons.push(why)
  if (length !== undefined) reasons.push(`${length} characters, not ${limit}`)
  return [
    `user ${typeof user === 'number' ? user : quote(user)}`,
    path === undefined ? (field ?? '') : quote(path),
    reasons.join(': '),
    OUTCOMES[outcome]
  ]
}

const MAX_QUOTED = 80

function quote(text: string): string {
  const characters = [...text.slice(0, 2 * MAX_QUOTED + 2)]
  const short = characters.length > MAX_QUOTED ? `${characters.slice(0, MAX_QUOTED).join('')}…` : text
  return `"${printable(short).replaceAll('"', '\\"')}"`
}
