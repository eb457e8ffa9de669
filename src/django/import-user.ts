import { describeHash } from '../passwords/django-hashes.ts'
import type { IdentityField } from '../users/identity.ts'
import type { UserId } from '../users/user.ts'
import type { Candidate, UserValues } from './candidate.ts'
import type { FindingOutcome } from './findings.ts'
import { fingerprintAll } from './fingerprints.ts'
import type { ImportRun } from './import-run.ts'
import type { KnownUser, TakenName } from './import-store.ts'
import { endsTokens, isSameUser, type Merge, mergeUser } from './merge-user.ts'
import { lengthOf } from './read-values.ts'
import { LENGTH_LIMITS } from './user-fields.ts'

/** What an attempt has come to. Of names that are taken nothing was written, counted or reported yet. */
type Attempt =
  | { done: true }
  | {
      done: false
      taken: TakenName[]
      /** The names that a user who is here is to get. */
      names?: Partial<Record<IdentityField, string>>
      giveUp(): Promise<void>
    }

const DONE = { done: true } as const

/** Takes over one user, or finds out why not. */
export async function importUser(
  run: ImportRun,
  candidate: Candidate,
  known: KnownUser | undefined
): Promise<Attempt> {
  const { fingerprints, values: ours } = known ?? {}
  if (fingerprints && ours)
    return change(
      run,
      candidate,
      mergeUser(candidate.values, ours, fingerprints, known?.tokenEpoch ?? 0),
      ours
    )
  if (fingerprints) return leaveDeleted(run, candidate)
  if (ours) return adoptOrRefuse(run, candidate, ours, known?.tokenEpoch ?? 0)
  return create(run, candidate)
}

async function create(run: ImportRun, candidate: Candidate): Promise<Attempt> {
  const { store, counts, startedAt } = run
  const { id, values } = candidate
  const user = { ...values, avatar: values.avatar ?? null, date_joined: values.date_joined ?? startedAt }
  const taken = await store.create(id, user, fingerprintAll(values))
  if (taken.length > 0) {
    const giveUp = async () => {
      counts.users.left_out++
      reportTaken(run, id, taken, 'left_out')
    }
    return { done: false, taken, giveUp }
  }
  counts.users.created++
  describe(run, candidate, user)
  return DONE
}

async function change(
  run: ImportRun,
  candidate: Candidate,
  merge: Merge,
  ours: UserValues
): Promise<Attempt> {
  const taken = await write(run, candidate, merge, ours)
  if (taken.length === 0) return DONE
  const giveUp = async () => {
    // The rest is written; the names are tried again by the next import.
    const changes = { ...merge.changes }
    const fingerprints = { ...merge.fingerprints }
    const { username, email } = fingerprintAll(ours)
    for (const { field } of taken) {
      delete changes[field]
      fingerprints[field] = field === 'username' ? username : email
    }
    reportTaken(run, candidate.id, taken, 'kept_here')
    await write(run, candidate, { ...merge, changes, fingerprints }, ours)
  }
  const { username, email } = merge.changes
  const names = { ...(username !== undefined && { username }), ...(email !== undefined && { email }) }
  return { done: false, taken, names, giveUp }
}

async function write(
  run: ImportRun,
  candidate: Candidate,
  { changes, fingerprints, conflicts }: Merge,
  ours: UserValues
): Promise<TakenName[]> {
  const { store, counts, startedAt } = run
  const { id } = candidate
  const revoked = endsTokens(changes) && { revokeAt: startedAt }
  const taken = await store.update(id, { changes, fingerprints, ...revoked })
  if (taken.length > 0) return taken
  counts.users[Object.keys(changes).length > 0 ? 'changed' : 'unchanged']++
  for (const field of conflicts) run.report({ user: id, finding: 'conflict', field, outcome: 'kept_here' })
  describe(run, candidate, { ...ours, ...changes })
  return taken
}

async function leaveDeleted({ counts, report }: ImportRun, { id }: Candidate): Promise<Attempt> {
  counts.users.deleted_here++
  report({ user: id, finding: 'deleted_here', outcome: 'left_out' })
  return DONE
}

/** Somebody has the id who was never imported: the same user, brought here by other means, or a stranger. */
async function adoptOrRefuse(
  run: ImportRun,
  candidate: Candidate,
  ours: UserValues,
  tokenEpoch: number
): Promise<Attempt> {
  const { store, counts, startedAt } = run
  const { id, values } = candidate
  if (isSameUser(values, ours)) {
    await store.update(id, { changes: {}, fingerprints: fingerprintAll(values) })
    counts.users.unchanged++
    describe(run, candidate, ours)
    return DONE
  }
  // Where the secret is the same, tokens that Django gave to the one who is left out would be the stranger's key.
  if (tokenEpoch === 0) await store.revokeTokens(id, startedAt)
  counts.users.left_out++
  run.report({ user: id, finding: 'id_taken', outcome: 'left_out' })
  return DONE
}

function reportTaken(
  { report }: ImportRun,
  id: UserId,
  taken: readonly TakenName[],
  outcome: FindingOutcome
) {
  for (const { field, by } of taken) report({ user: id, finding: `${field}_taken`, field, with: by, outcome })
}

/** Reports what is odd about a user who is here now. */
function describe(run: ImportRun, candidate: Candidate, now: UserValues): void {
  describeAvatar(run, candidate, now)
  describeLengths(run, candidate, now)
  // A password that was set here since is none of Django's.
  if (now.password === candidate.values.password) describePassword(run, candidate)
}

function describeAvatar(
  { pictures, counts, report }: ImportRun,
  { id, avatarPath, missingPicture, values }: Candidate,
  now: UserValues
): void {
  if (avatarPath === null || values.avatar !== undefined) return
  if (!pictures) counts.pictures.dropped++
  if (missingPicture === undefined) return
  counts.pictures.missing++
  report({
    user: id,
    finding: 'missing_picture',
    field: 'avatar',
    path: avatarPath,
    why: missingPicture,
    outcome: now.avatar ? 'kept_here' : 'imported_without_avatar'
  })
}

function describeLengths({ report }: ImportRun, { id, values }: Candidate, now: UserValues): void {
  for (const [field, limit] of LENGTH_LIMITS) {
    const value = values[field]
    if (value === null || value.length <= limit) continue
    const length = lengthOf(value)
    const outcome = now[field] === value ? 'imported' : 'kept_here'
    if (length > limit) report({ user: id, finding: 'over_long', field, length, limit, outcome })
  }
}

function describePassword({ counts, report }: ImportRun, { id, values: { password } }: Candidate): void {
  const hash = describeHash(password)
  if (hash.usable) return
  if (hash.reason === 'unusable') counts.without_password++
  else
    report({
      user: id,
      finding: 'password_unusable',
      field: 'password',
      algorithm: algorithmOf(password),
      why: REASONS[hash.reason],
      outcome: 'imported'
    })
}

const REASONS = {
  unknown: 'no algorithm that is verified here',
  over_cap: 'takes more time or memory than is allowed',
  malformed: 'cut off or garbled'
}

/** Those that are known to be names, Django's old ones too: anything else may be a password that was never hashed. */
const ALGORITHMS = [
  'pbkdf2_sha256',
  'pbkdf2_sha1',
  'argon2',
  'scrypt',
  'bcrypt_sha256',
  'bcrypt',
  'sha1',
  'md5',
  'unsalted_sha1',
  'unsalted_md5',
  'crypt'
]

const algorithmOf = (encoded: string): string => {
  const [name = ''] = encoded.split('$', 1)
  return ALGORITHMS.includes(name) ? name : 'unknown'
}
