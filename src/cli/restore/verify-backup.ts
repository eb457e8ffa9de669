import type { Dirent } from 'node:fs'
import { lstat, opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../error-code.ts'
import { inParallel } from '../../in-parallel.ts'
import { hashFile } from '../../stores/disk/hashed-files.ts'
import { readRegularFile } from '../../stores/disk/read-regular-file.ts'
import { DATABASE, type FileEntry, MANIFEST, type ManifestHead, PICTURES } from '../backup/manifest.ts'
import { Refusal } from '../command.ts'
import { printable } from '../printable.ts'
import type { ProgressLine } from '../progress-line.ts'
import { checkRows } from './check-rows.ts'
import type { ListedFiles } from './listed-files.ts'
import { ManifestError, readManifest } from './read-manifest.ts'

interface Work {
  /** The backup's folder. */
  folder: string
  /** Empty; holds what the manifest names afterwards. */
  listed: ListedFiles
  signal: AbortSignal
  progress: ProgressLine
  /** Told of each damage, a sentence. */
  onDamage(sentence: string): void
}

const AT_ONCE = 4

/**
 * Reads all of a backup and tells whatever is wrong with it. Nothing is changed, nor made beside it.
 * @returns its head; undefined where anything is wrong
 * @throws {Refusal} where there is no such folder
 */
export async function verifyBackup(work: Work): Promise<ManifestHead | undefined> {
  const { folder, listed } = work
  await refuseAbsent(folder)
  let damages = 0
  const onDamage = (sentence: string) => {
    damages++
    work.onDamage(sentence)
  }
  const head = await readHead(folder, listed, onDamage)
  // Where that is damaged, nobody knows what the rest should be.
  if (!head) return undefined
  await findExtra(folder, listed, onDamage)
  const isDatabaseWhole = await compareFiles({ ...work, onDamage })
  compareCounts(head, listed, onDamage)
  if (isDatabaseWhole) checkRows(join(folder, DATABASE), { head, listed, onDamage })
  return damages === 0 ? head : undefined
}

async function refuseAbsent(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR') throw error
  })
  if (!found?.isDirectory()) throw new Refusal(`There is no folder ${printable(folder)}.`, 2)
}

type OnDamage = Work['onDamage']

async function readHead(
  folder: string,
  listed: ListedFiles,
  onDamage: OnDamage
): Promise<ManifestHead | undefined> {
  const path = join(folder, MANIFEST)
  const found = await lstat(path).catch(() => undefined)
  if (!found?.isFile()) {
    onDamage(`There is no ${MANIFEST}: this is no backup, or one that was not finished.`)
    return undefined
  }
  try {
    return await readManifest(path, {
      file(entry) {
        if (!listed.add(entry)) throw new ManifestError(`${MANIFEST} names ${printable(entry.name)} twice`)
      },
      missing: (name) => listed.addMissing(name)
    })
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error
    onDamage(`${error.message}.`)
    return undefined
  }
}

/** What is there and has no place in a backup: of a database, a file beside it would be a part. */
async function findExtra(folder: string, listed: ListedFiles, onDamage: OnDamage): Promise<void> {
  const check = (name: string) => {
    if (name !== MANIFEST && !listed.has(name)) onDamage(`${printable(name)} is not of this backup.`)
  }
  for await (const entry of await opendir(folder))
    if (entry.name !== PICTURES || !entry.isDirectory()) check(entry.name)
  for await (const { name } of await picturesIn(folder)) check(`${PICTURES}/${name}`)
}

/** None where it is no folder: a link to one is none either. */
async function picturesIn(folder: string): Promise<AsyncIterable<Dirent> | Dirent[]> {
  const place = join(folder, PICTURES)
  const found = await lstat(place).catch(() => undefined)
  return found?.isDirectory() ? opendir(place) : []
}

/** Reads every file. @returns whether the database is what it was */
async function compareFiles({ folder, listed, signal, progress, onDamage }: Work): Promise<boolean> {
  let [done, isDatabaseWhole] = [0, false]
  async function compare(entry: FileEntry): Promise<void> {
    const { name, bytes, sha256 } = entry
    const found = await readRegularFile(join(folder, name), (file) => hashFile(file, signal))
    progress.show(() => `Checking files: ${(++done).toLocaleString('en')}`)
    if (!found) onDamage(`${printable(name)} is missing, or no file.`)
    else if (found.bytes !== bytes)
      onDamage(`${printable(name)} has ${found.bytes} bytes, and had ${bytes} when it was backed up.`)
    else if (found.sha256 !== sha256) onDamage(`${printable(name)} is not what was backed up.`)
    else if (name === DATABASE) isDatabaseWhole = true
  }
  if (!listed.has(DATABASE)) onDamage(`${MANIFEST} names no ${DATABASE}.`)
  await inParallel(listed.all(), AT_ONCE, compare)
  return isDatabaseWhole
}

function compareCounts({ counts }: ManifestHead, listed: ListedFiles, onDamage: OnDamage): void {
  for (const [what, found] of Object.entries(listed.count())) {
    const said = counts[what as keyof typeof counts]
    if (found !== said) onDamage(`${MANIFEST} counts ${said} ${what}, and names ${found}.`)
  }
}
