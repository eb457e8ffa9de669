import type { MediaKey } from '../avatars/media-store.ts'
import type { UserId } from '../users/user.ts'
import type { Candidate } from './candidate.ts'
import type { SourceUser } from './django-source.ts'
import { findNewPictures, isImported, takeAll } from './import-pictures.ts'
import { type ImportRun, PAGE, pause } from './import-run.ts'
import type { KnownUser } from './import-store.ts'
import { importUser } from './import-user.ts'
import type { PictureOutcome } from './picture-taker.ts'
import { readUser } from './read-user.ts'
import { MAX_USER_ID } from './user-fields.ts'

/** Takes over all users, ascending by id; those whose names are taken when it is their turn are put aside. */
export async function importUsers(run: ImportRun, total: number): Promise<void> {
  const { source, table, counts } = run
  for (let after = 0; ; ) {
    const rows = await source.listUsers(table, after, PAGE)
    const last = rows.at(-1)
    await reportGone(run, after, last?.id ?? Number.MAX_SAFE_INTEGER, new Set(rows.map(({ id }) => id)))
    if (!last) break
    counts.users.read += rows.length
    await importPage(run, rows)
    after = last.id
    run.progress('users', counts.users.read, total)
    await pause(run)
  }
  await reportStrangeIds(run)
}

async function importPage(run: ImportRun, rows: readonly SourceUser[]): Promise<void> {
  const candidates = rows.flatMap((row) => readOrReport(run, row))
  const known = await run.store.find(candidates.map(({ id }) => id))
  // Once more, and now beside their rows: a sweep may have taken what was copied long ago.
  const taken = run.pictures && (await takeAll(run.pictures, findNewPictures(candidates, known), run.signal))
  for (const candidate of candidates) {
    const found = known.get(candidate.id)
    settleAvatar(candidate, found, taken)
    const attempt = await importUser(run, candidate, found)
    if (!attempt.done) await run.store.defer(candidate)
  }
}

function readOrReport({ counts, report }: ImportRun, row: SourceUser): Candidate[] {
  const user = readUser(row)
  if ('values' in user) return [user]
  counts.users.left_out++
  report({ user: row.id, finding: 'invalid', ...user, outcome: 'left_out' })
  return []
}

/** Makes the avatar unknown where there is no picture for it: then there is none, or the one from before stays. */
function settleAvatar(
  candidate: Candidate,
  known: KnownUser | undefined,
  taken: ReadonlyMap<MediaKey, PictureOutcome> | undefined
): void {
  const { avatarPath, values } = candidate
  const key = values.avatar
  if (avatarPath === null || (key && isImported(known, key))) return
  const outcome = key ? (taken?.get(key) ?? 'not found') : 'not a safe path'
  if (taken && (outcome === 'copied' || outcome === 'present')) return
  values.avatar = undefined
  if (taken) candidate.missingPicture = outcome
}

/** Tells of the users that were imported from between two ids and are no longer there. */
async function reportGone(
  { store, report }: ImportRun,
  after: number,
  upTo: number,
  there: ReadonlySet<UserId>
): Promise<void> {
  for (let from = after; ; ) {
    const ids = await store.listImported(from, upTo, PAGE)
    for (const id of ids)
      if (!there.has(id)) report({ user: id, finding: 'gone_from_django', outcome: 'kept_here' })
    const last = ids.at(-1)
    if (last === undefined) return
    from = last
  }
}

async function reportStrangeIds(run: ImportRun): Promise<void> {
  const { source, table, counts, report } = run
  for (let skip = 0; ; ) {
    const ids = await source.listStrangeIds(table, skip, PAGE)
    if (ids.length === 0) return
    skip += ids.length
    counts.users.read += ids.length
    counts.users.left_out += ids.length
    const why = `not a whole number from 1 to ${MAX_USER_ID}`
    for (const user of ids) report({ user, finding: 'invalid', field: 'id', why, outcome: 'left_out' })
    await pause(run)
  }
}
