import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'

export interface PrivateCopy {
  path: string
  remove(): void
}

/**
 * A copy of a database as it is now, in a folder that is its owner's alone; where there is no such database, the path of
 * one that can be made. The database is not touched, nor is anything made beside it.
 */
export async function copyDatabase(path: string): Promise<PrivateCopy> {
  const folder = mkdtempSync(join(tmpdir(), 'fastify-user-profile-'))
  const copy = join(folder, 'copy.db')
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    // Without a log nobody has it open, and opening it would make one.
    if (existsSync(`${path}-wal`)) await backUp(path, copy)
    else if (existsSync(path)) copyFileSync(path, copy)
    return { path: copy, remove }
  } catch (error) {
    remove()
    throw error
  }
}

async function backUp(path: string, copy: string): Promise<void> {
  const database = new Database(path, { readonly: true })
  try {
    await database.backup(copy)
  } finally {
    database.close()
  }
}
