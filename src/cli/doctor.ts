import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { MediaStore } from '../avatars/media-store.ts'
import { checkPictures } from '../avatars/missing-pictures.ts'
import { findStrays } from '../avatars/strays.ts'
import { systemClock } from '../clock.ts'
import { readSettings, reasonOf } from '../config.ts'
import { findAbandonedUploads } from '../stores/disk/abandoned-uploads.ts'
import { createDiskMediaStore } from '../stores/disk/disk-media-store.ts'
import { openSqliteStores } from '../stores/sqlite/open-sqlite.ts'
import type { UserStore } from '../users/user-store.ts'
import { createReport, type Report } from './doctor-report.ts'

const USAGE = `fastify-user-profile doctor [options]

Compares the pictures in MEDIA_ROOT with the users in DATABASE_URL. It may run while the service does.

  --fix            deletes pictures that no user refers to, and takes away avatars whose picture is missing
  --grace SECONDS  age from which a picture without a user is deleted (MEDIA_SWEEP_GRACE); 0 where the service is stopped
  --force          takes avatars away even where most pictures are missing
  --json           one JSON object a line
  --help           this

Exit code: 0 nothing is wrong, or all was mended; 1 something is wrong; 2 it could not look.
`

interface Work {
  users: UserStore
  media: MediaStore
  report: Report
  fix: boolean
  force: boolean
  graceMs: number
}

/** Runs the command and answers its exit code. */
export async function runDoctor(args: string[]): Promise<number> {
  const options = readOptions(args)
  if (typeof options === 'number') return options
  const settings = readSettings()
  const { databasePath, mediaRoot, uploadTimeoutMs } = settings
  const [folder, uploadFolder] = [join(mediaRoot, 'avatars'), join(mediaRoot, '.uploads')]
  const absent = [databasePath, folder].find((path) => !existsSync(path))
  if (absent !== undefined) {
    process.stderr.write(`There is nothing to look at: ${absent} does not exist.\n`)
    return 2
  }
  const graceMs = options.graceMs ?? settings.sweepGraceMs
  const report = createReport(process.stdout, { json: options.json, fix: options.fix })
  const { users, close } = openSqliteStores({ path: databasePath })
  try {
    const media = await createDiskMediaStore({ folder })
    const work = { ...options, users, media, report, graceMs }
    // Users first: what they no longer have is a stray.
    await examineUsers(work)
    await examineFiles(work)
    await examineUploads(work, { folder: uploadFolder, timeoutMs: uploadTimeoutMs })
    return report.end()
  } finally {
    await close()
  }
}

async function examineFiles({ users, media, report, fix, graceMs }: Work): Promise<void> {
  const oldEnough = systemClock.now() - graceMs
  for await (const file of findStrays({ media, users })) {
    const young = file.modifiedAt > oldEnough
    if (fix && !young) await media.delete(file.key)
    report.file(young ? 'young' : 'stray', { ...file, name: file.key })
  }
}

async function examineUploads(
  { report, fix }: Work,
  { folder, timeoutMs }: { folder: string; timeoutMs: number }
): Promise<void> {
  if (!existsSync(folder)) return
  for await (const { path, ...file } of findAbandonedUploads({ folder, timeoutMs, clock: systemClock })) {
    if (fix) await rm(path, { force: true })
    report.file('abandoned', file)
  }
}

/** From this many on, a majority of missing pictures looks like a folder that is not mounted. */
const SUSPICIOUS = 10

async function examineUsers(work: Work): Promise<void> {
  const { users, report, fix, force } = work
  if (!fix) {
    for await (const row of checkPictures(work)) if (row.missing) report.user(row)
    return
  }
  if (!force && (await mostAreMissing(work))) {
    report.refuse()
    return
  }
  for await (const row of checkPictures(work))
    if (row.missing && (await users.removeAvatar(row.id, row.avatar))) report.user(row)
}

async function mostAreMissing(work: Work): Promise<boolean> {
  let [all, missing] = [0, 0]
  for await (const row of checkPictures(work)) {
    all++
    if (row.missing) missing++
  }
  return missing >= SUSPICIOUS && missing * 2 > all
}

/** The options, or the exit code where they ask for no work. */
function readOptions(
  args: string[]
): { fix: boolean; force: boolean; json: boolean; graceMs: number | undefined } | number {
  try {
    const { values } = parseArgs({
      args,
      options: {
        fix: { type: 'boolean', default: false },
        force: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        grace: { type: 'string' },
        help: { type: 'boolean', default: false, short: 'h' }
      }
    })
    if (values.help) {
      process.stdout.write(USAGE)
      return 0
    }
    const { fix, force, json, grace } = values
    if (grace !== undefined && !/^\d{1,9}$/.test(grace))
      throw new Error('--grace takes a whole number of seconds')
    return { fix, force, json, graceMs: grace === undefined ? undefined : Number(grace) * 1000 }
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n\n${USAGE}`)
    return 2
  }
}
