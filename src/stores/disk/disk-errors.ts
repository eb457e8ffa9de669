import { errorCode } from '../../error-code.ts'
import { errors } from '../../errors.ts'

const FULL = new Set(['ENOSPC', 'EDQUOT'])
const AWAY = new Set([
  'EIO',
  'EROFS',
  'EACCES',
  'EPERM',
  'ENOENT',
  'ENOTDIR',
  'EMFILE',
  'ENFILE',
  'ENODEV',
  'ESTALE',
  'EBUSY'
])

/** The file system's error in our terms: 507 where it is full, 503 where the folder can't be used. */
export function translateDiskError(error: unknown): unknown {
  const code = errorCode(error)
  if (FULL.has(code)) return errors.storageFull(error)
  if (AWAY.has(code)) return errors.unavailable(error)
  return error
}

/** Does the work; what the file system throws meanwhile is in our terms. */
export async function translatingErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw translateDiskError(error)
  }
}
