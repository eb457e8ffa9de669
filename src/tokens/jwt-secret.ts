import { randomBytes, randomUUID } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync
} from 'node:fs'
import { dirname } from 'node:path'
import { errorCode } from '../error-code.ts'
import { makeFolder } from '../make-folder.ts'

/**
 * The secret kept in a file, made at the first start. The file is readable by its owner only, and whole or not there:
 * it is written under another name first. Of two processes that start at once, one makes it and the other reads it.
 */
export function readOrCreateSecret(path: string): string {
  makeFolder(dirname(path), 0o700)
  return findSecret(path) ?? createSecret(path)
}

/** The secret kept in a file; undefined where there is none yet. */
export function findSecret(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function createSecret(path: string): string {
  const temporary = `${path}.${randomUUID()}`
  const secret = randomBytes(48).toString('base64url')
  try {
    const file = openSync(temporary, 'wx', 0o600)
    try {
      writeSync(file, secret)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    publish(temporary, path)
    return secret
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return readOrCreateSecret(path)
    throw error
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** Not every file system has links (FAT has none). */
const WITHOUT_LINKS = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'])

/** Gives the file its name, durably. Unlike a rename, a link never replaces what another process put there. */
function publish(temporary: string, path: string): void {
  try {
    linkSync(temporary, path)
  } catch (error) {
    if (!WITHOUT_LINKS.has(errorCode(error))) throw error
    renameSync(temporary, path)
  }
  if (process.platform === 'win32') return
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
