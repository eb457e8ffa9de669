import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { MediaStore } from '../../avatars/media-store.ts'
import { checkPictures } from '../../avatars/missing-pictures.ts'
import { findStrays, noneIsInUse } from '../../avatars/strays.ts'
import { systemClock } from '../../clock.ts'
import { findAbandonedUploads } from '../../stores/disk/abandoned-uploads.ts'
import type { UserStore } from '../../users/user-store.ts'
import type { Report } from './doctor-report.ts'

export interface Examination {
  users: UserStore
  media: MediaStore
  uploadFolder: string
  report: Report
  fix: boolean
  graceMs: number
  /** Undefined where the service is stopped. */
  uploadTimeoutMs: number | undefined
}

/** Reports what of rows and files does not fit, and mends it where asked to. */
export async function examine(work: Examination): Promise<void> {
  // Users first: what they no longer have is a stray.
  await examineUsers(work)
  await examineFiles(work)
  await examineUploads(work)
}

async function examineUsers(work: Examination): Promise<void> {
  const { users, report, fix } = work
  for await (const { id, avatar, missing } of checkPictures(work)) {
    if (!missing) continue
    // Where it was replaced at the last moment, nothing is wrong any more.
    if (!fix || (await users.removeAvatar(id, avatar))) report.user({ id, avatar })
  }
}

async function examineFiles({ users, media, report, fix, graceMs }: Examination): Promise<void> {
  const oldEnough = systemClock.now() - graceMs
  for await (const file of findStrays({ media, users })) {
    const young = file.modifiedAt > oldEnough
    if (fix && !young) await media.delete(file.key)
    report.file(young ? 'young' : 'stray', { ...file, name: file.key })
  }
}

async function examineUploads({ uploadFolder, uploadTimeoutMs, report, fix }: Examination): Promise<void> {
  if (!existsSync(uploadFolder)) return
  const search = { folder: uploadFolder, timeoutMs: uploadTimeoutMs, clock: systemClock }
  for await (const { path, ...file } of findAbandonedUploads(search)) {
    if (fix) await rm(path, { force: true })
    report.file('abandoned', file)
  }
}

/** From this many on, a majority of missing pictures looks like a folder that is not mounted, or the wrong one. */
const SUSPICIOUS = 10

/** Whether rows and files seem not to belong together: most pictures are missing, or none of the files is a user's. */
export async function areStrangers(stores: Pick<Examination, 'users' | 'media'>): Promise<boolean> {
  return (await noneIsInUse(stores)) || (await mostAreMissing(stores))
}

async function mostAreMissing(stores: Pick<Examination, 'users' | 'media'>): Promise<boolean> {
  let [all, missing] = [0, 0]
  for await (const row of checkPictures(stores)) {
    all++
    if (row.missing) missing++
  }
  const allOfSome = missing > 1 && missing === all
  return allOfSome || (missing >= SUSPICIOUS && missing * 2 > all)
}
