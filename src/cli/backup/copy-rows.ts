import { closeSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { hashFile } from '../../stores/disk/hashed-files.ts'
import { readRegularFile } from '../../stores/disk/read-regular-file.ts'
import type { BackupSource } from '../../stores/sqlite/backup-source.ts'
import { findFileDamage } from '../../stores/sqlite/file-damage.ts'
import { makeSingleFile } from '../../stores/sqlite/single-file.ts'
import { Refusal } from '../command.ts'
import type { ProgressLine } from '../progress-line.ts'
import { DATABASE, type FileEntry } from './manifest.ts'

interface Work {
  source: BackupSource
  /** The new file's path. */
  path: string
  signal: AbortSignal
  progress: ProgressLine
}

/**
 * Copies the rows of the source's view into a file that needs no log beside it, checks and syncs it.
 * @throws {Refusal} where they are damaged, or can't be copied
 */
export async function copyRows(work: Work): Promise<FileEntry> {
  try {
    return await copyAndCheck(work)
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    // It may be about either file.
    throw new Refusal(`The rows could not be copied: ${error.message}; nothing is left of the backup.`, 2)
  }
}

async function copyAndCheck({ source, path, signal, progress }: Work): Promise<FileEntry> {
  // SQLite would make it for others to read.
  closeSync(openSync(path, 'wx', 0o600))
  await source.copyInto(path, {
    signal,
    onPages: (done, all) => progress.show(() => `Copying rows: ${Math.floor((done / all) * 100)} %`)
  })
  const copy = new Database(path)
  try {
    makeSingleFile(copy)
    const [damage] = findFileDamage(copy)
    if (damage !== undefined)
      throw new Refusal(`The database is damaged, and so would be its backup: ${damage}`, 2)
  } finally {
    copy.close()
  }
  const digest = await readRegularFile(path, async (file) => {
    await file.sync()
    return hashFile(file, signal)
  })
  if (!digest) throw new Error(`${path} is gone`)
  return { name: DATABASE, ...digest }
}
