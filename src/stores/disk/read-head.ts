import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { errorCode } from '../../error-code.ts'
import { translateDiskError } from './disk-errors.ts'

/** A link where a file was expected (Linux, macOS: ELOOP; some BSDs: EMLINK). */
const NOT_A_FILE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'ENXIO'])

/** Where a link can't be told from a file when it is opened (Windows), it is not made by a service either. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * The first bytes of a regular file, fewer where it is shorter. Undefined where there is none: links are not followed,
 * folders, pipes and devices not read.
 * @throws `unavailable` (503)
 */
export async function readHead(path: string, bytes: number): Promise<Buffer | undefined> {
  let file: FileHandle | undefined
  try {
    file = await open(path, FLAGS)
    if (!(await file.stat()).isFile()) return undefined
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0)
    return buffer.subarray(0, bytesRead)
  } catch (error) {
    if (NOT_A_FILE.has(errorCode(error))) return undefined
    throw translateDiskError(error)
  } finally {
    await file?.close()
  }
}
