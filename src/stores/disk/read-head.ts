import { translatingErrors } from './disk-errors.ts'
import { readRegularFile } from './read-regular-file.ts'

/**
 * The first bytes of a regular file, fewer where it is shorter. Undefined where there is none: links are not followed,
 * folders, pipes and devices not read.
 * @throws `unavailable` (503)
 */
export const readHead = (path: string, bytes: number): Promise<Buffer | undefined> =>
  translatingErrors(() =>
    readRegularFile(path, async (file) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0)
      return buffer.subarray(0, bytesRead)
    })
  )
