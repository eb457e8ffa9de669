import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { isBusy } from '../../stores/sqlite/sqlite-errors.ts'
import { Refusal } from '../command.ts'

/**
 * Keeps others from restoring to the same place. The lock is the system's, so it ends with the process, however that ends.
 * @param path the database's
 * @returns what lets go of it
 * @throws {Refusal}
 */
export function lockRestore(path: string): () => void {
  const file = `${path}-restore-lock`
  const lock = new Database(file, { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw error
    throw new Refusal('Another restore to the same place is under way; nothing was restored.')
  }
  return () => {
    rmSync(file, { force: true })
    lock.close()
  }
}
