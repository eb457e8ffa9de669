import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode } from '../../error-code.ts'
import { makeFolder } from '../../make-folder.ts'
import {
  DatabaseInUseError,
  holdDatabase,
  keepIdsFromComingBack,
  type OldDatabase,
  partsOf,
  putInPlace
} from '../../stores/sqlite/replaced-database.ts'
import { DATABASE, type FileEntry, SECRET } from '../backup/manifest.ts'
import { Refusal } from '../command.ts'
import type { LocalSettings } from '../one-machine.ts'
import { printable } from '../printable.ts'
import type { ProgressLine } from '../progress-line.ts'
import type { ListedFiles } from './listed-files.ts'
import { copyListed, placePictures, removePlaced } from './place-pictures.ts'
import { removeOthers } from './remove-others.ts'
import { lockRestore } from './restore-lock.ts'
import { restoreSecret, type SecretOutcome } from './restore-secret.ts'

interface Work {
  settings: Pick<LocalSettings, 'databasePath' | 'mediaRoot'>
  /** The backup's, which is verified. */
  folder: string
  listed: ListedFiles
  replace: boolean
  signal: AbortSignal
  progress: ProgressLine
}

export interface Restored {
  secret: SecretOutcome
  /** Where an old database that can't be read is kept. */
  damaged: string | undefined
  /** Files in the folder of pictures that no user refers to: deleted, or left. */
  others: number
}

/**
 * Where the old database is not there to say which ids it gave out since the backup: more people than that will not have
 * signed up.
 */
const IDS_BEYOND = 100_000

/**
 * Puts a backup's rows and pictures in place. Pictures come first, the rows by one rename: whenever it ends, by whatever, there is
 * the old database with all that it refers to, or the new one.
 * @throws {Refusal} and what the system refuses; then all is as it was
 */
export async function restoreInto(work: Work): Promise<Restored> {
  const { databasePath } = work.settings
  // It may have come to be since it was looked at.
  refusePresent(databasePath, work.replace)
  makeFolder(dirname(databasePath), 0o700)
  const unlock = lockRestore(databasePath)
  try {
    const old = existsSync(databasePath) ? hold(databasePath) : undefined
    try {
      return await restoreOver(old, work)
    } finally {
      old?.release()
    }
  } finally {
    unlock()
  }
}

/** @throws {Refusal} where a database is there, or what belongs to one, and may not be replaced */
export function refusePresent(path: string, replace: boolean): void {
  const [part] = partsOf(path)
  if (part !== undefined && !replace)
    throw new Refusal(`There is ${printable(part)} already: --replace puts the backup in its place.`)
}

function hold(path: string): OldDatabase {
  try {
    return holdDatabase(path)
  } catch (error) {
    if (!(error instanceof DatabaseInUseError)) throw error
    throw new Refusal(`${printable(error.message)}: stop the service. Nothing was restored.`)
  }
}

async function restoreOver(old: OldDatabase | undefined, work: Work): Promise<Restored> {
  const { settings, listed, replace } = work
  const to = join(settings.mediaRoot, 'avatars')
  const rows = `${settings.databasePath}-restoring`
  let secret: SecretOutcome
  try {
    await prepare(rows, to, old, work)
    secret = await restoreSecret({ ...work, path: secretBeside(settings.databasePath) })
  } catch (error) {
    await removeLeftOvers(settings.databasePath)
    await removePlaced({ to, listed })
    throw error
  }
  // From here on pictures stay, whatever happens: the rows may be in place.
  const damaged = put(rows, settings.databasePath, old)
  const uploads = join(settings.mediaRoot, '.uploads')
  const others = await removeOthers({ pictures: to, uploads, listed, replace })
  return { secret, damaged, others }
}

/** Copies everything to where it is only to be renamed. */
async function prepare(
  rows: string,
  to: string,
  old: OldDatabase | undefined,
  { settings, folder, listed, signal, progress }: Work
): Promise<void> {
  await removeLeftOvers(settings.databasePath)
  let placed = 0
  const onPlaced = () => progress.show(() => `Restoring pictures: ${(++placed).toLocaleString('en')}`)
  await placePictures({ from: folder, to, listed, signal, onPlaced })
  await copyListed(folder, entryOf(listed, DATABASE), rows, { mode: 0o600, signal })
  const last = old?.lastUserId
  keepIdsFromComingBack(rows, last === undefined ? { beyond: IDS_BEYOND } : { upTo: last })
  signal.throwIfAborted()
}

/** Of a restore that was ended in the middle. */
async function removeLeftOvers(databasePath: string): Promise<void> {
  const rows = `${databasePath}-restoring`
  for (const name of [rows, `${rows}-journal`, `${secretBeside(databasePath)}-restoring`])
    await rm(name, { force: true })
}

const secretBeside = (databasePath: string) => join(dirname(databasePath), SECRET)

function entryOf(listed: ListedFiles, name: string): FileEntry {
  const entry = listed.find(name)
  if (!entry) throw new Error(`a verified backup without ${name}`)
  return entry
}

function put(rows: string, path: string, old: OldDatabase | undefined): string | undefined {
  try {
    return putInPlace(rows, path, old)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    throw new Refusal(
      `Meanwhile ${printable(path)} came to be: stop the service, and restore with --replace.`
    )
  }
}
