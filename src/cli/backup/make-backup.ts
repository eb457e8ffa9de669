import { dirname, join } from 'node:path'
import { packageVersion } from '../../package-version.ts'
import { copyHashed } from '../../stores/disk/hashed-files.ts'
import { readRegularFile } from '../../stores/disk/read-regular-file.ts'
import { type BackupSource, openBackupSource } from '../../stores/sqlite/backup-source.ts'
import type { LocalSettings } from '../one-machine.ts'
import { openProgressLine, type ProgressLine } from '../progress-line.ts'
import { type BackupFolder, claimFolder } from './backup-folder.ts'
import { copyPictures } from './copy-pictures.ts'
import { copyRows } from './copy-rows.ts'
import {
  DATABASE,
  type FileEntry,
  FORMAT_VERSION,
  type ManifestHead,
  PICTURES,
  PRODUCT,
  SECRET
} from './manifest.ts'
import { writeManifest } from './write-manifest.ts'

interface Work {
  settings: Pick<LocalSettings, 'databasePath' | 'mediaRoot'>
  /** An absolute path. */
  folder: string
  withSecret: boolean
  signal: AbortSignal
}

export interface MadeBackup {
  folder: string
  head: ManifestHead
  hasSecret: boolean
  seconds: number
}

/** As long as the service's writes wait. */
const BUSY_MS = 5000
const BATCH = 500

/** @throws {Refusal} and what the system refuses; then nothing is left of it */
export async function makeBackup(work: Work): Promise<MadeBackup> {
  const began = performance.now()
  const { settings, folder: path } = work
  const source = openBackupSource(settings.databasePath, { busyTimeoutMs: BUSY_MS })
  const progress = openProgressLine(process.stderr)
  try {
    const folder = await claimFolder(path, settings.mediaRoot)
    try {
      const made = await fill(folder, source, work, progress)
      return { folder: path, ...made, seconds: (performance.now() - began) / 1000 }
    } catch (error) {
      await folder.remove()
      throw error
    }
  } finally {
    progress.end()
    source.close()
  }
}

async function fill(
  folder: BackupFolder,
  source: BackupSource,
  { settings, withSecret, signal }: Work,
  progress: ProgressLine
): Promise<Omit<MadeBackup, 'folder' | 'seconds'>> {
  const { databasePath, mediaRoot } = settings
  let pictures = 0
  const takenAt = await copyPictures({
    source,
    from: join(mediaRoot, 'avatars'),
    to: folder,
    signal,
    onCopied: () => progress.show(() => `Copying pictures: ${(++pictures).toLocaleString('en')}`)
  })
  const { users, bytes, schema } = source.describe()
  await folder.requireRoom(bytes)
  const files = [await copyRows({ source, path: join(folder.path, DATABASE), signal, progress })]
  const secret = withSecret ? await copySecret(databasePath, folder, signal) : undefined
  if (secret) files.push(secret)
  await folder.sync()
  const head: ManifestHead = {
    product: PRODUCT,
    formatVersion: FORMAT_VERSION,
    productVersion: await packageVersion(),
    takenAt: new Date(takenAt).toISOString(),
    schema,
    counts: { users, ...count(files, source) }
  }
  signal.throwIfAborted()
  await writeManifest(folder.path, head, entries(files, source), missingOf(source))
  return { head, hasSecret: secret !== undefined }
}

async function copySecret(
  databasePath: string,
  folder: BackupFolder,
  signal: AbortSignal
): Promise<FileEntry | undefined> {
  const digest = await readRegularFile(join(dirname(databasePath), SECRET), (file) =>
    copyHashed(file, join(folder.path, SECRET), { mode: 0o600, signal })
  )
  return digest && { name: SECRET, ...digest }
}

function count(files: FileEntry[], source: BackupSource): Omit<ManifestHead['counts'], 'users'> {
  const counts = { pictures: 0, missing: 0, bytes: 0 }
  for (const { bytes } of files) counts.bytes += bytes
  for (const { bytes } of source.copied()) {
    counts.pictures++
    counts.bytes += bytes
  }
  for (const _name of missingOf(source)) counts.missing++
  return counts
}

function* entries(files: FileEntry[], source: BackupSource): Iterable<FileEntry> {
  yield* files
  for (const { name, ...digest } of source.copied()) yield { name: `${PICTURES}/${name}`, ...digest }
}

/** What rows name and is not copied, now that all that is there is. */
function* missingOf(source: BackupSource): Iterable<string> {
  for (let names = source.listUncopied('', BATCH); names.length > 0; ) {
    yield* names
    names = source.listUncopied(names.at(-1) ?? '', BATCH)
  }
}
