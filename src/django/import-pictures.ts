import fastq from 'fastq'
import type { MediaKey } from '../avatars/media-store.ts'
import type { UserId } from '../users/user.ts'
import type { Candidate } from './candidate.ts'
import { fingerprint } from './fingerprints.ts'
import { type ImportRun, PAGE, pause } from './import-run.ts'
import type { KnownUser } from './import-store.ts'
import type { PictureOutcome, PictureTaker } from './picture-taker.ts'
import { readUser } from './read-user.ts'

/** Disks and network file systems work on several at a time. */
const AT_ONCE = 8

type Known = ReadonlyMap<UserId, KnownUser>

/**
 * Copies the pictures that are new, before any row is written: a row never points at a picture that is not there. What a
 * later failure leaves of them is a stray, which the next import finds present, or a sweep takes away.
 */
export async function copyPictures(run: ImportRun, total: number): Promise<void> {
  const { source, table, store, pictures, counts } = run
  if (!pictures) return
  let done = 0
  for (let after = 0; ; ) {
    const rows = await source.listUsers(table, after, PAGE)
    const last = rows.at(-1)
    if (!last) break
    after = last.id
    const candidates = rows.map(readUser).filter((one): one is Candidate => 'values' in one)
    const wanted = findNewPictures(candidates, await store.find(candidates.map(({ id }) => id)))
    const unclaimed = new Map<MediaKey, string>()
    for (const [key, path] of wanted) if (await store.claimPicture(key)) unclaimed.set(key, path)
    for (const outcome of (await takeAll(pictures, unclaimed, run.signal)).values())
      if (outcome === 'copied' || outcome === 'present') counts.pictures[outcome]++
    done += rows.length
    run.progress('pictures', done, total)
    await pause(run)
  }
  await pictures.sync()
}

/** The files of which a row is about to be written, by key. */
export function findNewPictures(candidates: readonly Candidate[], known: Known): Map<MediaKey, string> {
  const wanted = new Map<MediaKey, string>()
  for (const { id, avatarPath, values } of candidates)
    if (avatarPath !== null && values.avatar && !isImported(known.get(id), values.avatar))
      wanted.set(values.avatar, avatarPath)
  return wanted
}

/** Whether the last import saw the same picture: then it is no longer asked where it is. */
export const isImported = (known: KnownUser | undefined, key: MediaKey): boolean =>
  known?.fingerprints?.avatar === fingerprint(key)

/** @throws the first error, after the rest has ended */
export async function takeAll(
  pictures: PictureTaker,
  wanted: ReadonlyMap<MediaKey, string>,
  signal: AbortSignal
): Promise<Map<MediaKey, PictureOutcome>> {
  const outcomes = new Map<MediaKey, PictureOutcome>()
  const queue = fastq.promise(async ([key, path]: [MediaKey, string]) => {
    signal.throwIfAborted()
    outcomes.set(key, await pictures.take(path, key))
  }, AT_ONCE)
  const results = await Promise.allSettled([...wanted].map((one) => queue.push(one)))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
  return outcomes
}
