import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { errorCode } from '../../error-code.ts'

/** A link where a file was expected (Linux, macOS: ELOOP; some BSDs: EMLINK), or a name that no file can have. */
const NOT_A_FILE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'ENXIO', 'ENAMETOOLONG'])

/** Where a link can't be told from a file when it is opened (Windows), it is not made by a service either. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * Opens a regular file to read it. Undefined where there is none: links are not followed, folders, pipes and devices not
 * opened (a pipe would never end).
 */
export async function openRegularFile(path: string): Promise<FileHandle | undefined> {
  let file: FileHandle | undefined
  try {
    file = await open(path, FLAGS)
    if ((await file.stat()).isFile()) return file
  } catch (error) {
    if (!NOT_A_FILE.has(errorCode(error))) throw error
  }
  await file?.close()
  return undefined
}

/** Reads of a regular file what the work reads of it; undefined where `openRegularFile` finds none. */
export async function readRegularFile<T>(
  path: string,
  work: (file: FileHandle) => Promise<T>
): Promise<T | undefined> {
  const file = await openRegularFile(path)
  if (!file) return undefined
  try {
    return await work(file)
  } finally {
    await file.close()
  }
}
