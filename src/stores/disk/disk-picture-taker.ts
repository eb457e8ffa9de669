import { lstat, realpath } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import type { MediaKey } from '../../avatars/media-store.ts'
import type { PictureOutcome, PictureTaker } from '../../django/picture-taker.ts'
import { errorCode } from '../../error-code.ts'
import { translatingErrors } from './disk-errors.ts'
import { createDiskMediaStore } from './disk-media-store.ts'

export interface PictureTakerOptions {
  /** Django's `MEDIA_ROOT`. */
  from: string
  /** The folder of our pictures. */
  to: string
  /** True: only look what would come of it. */
  dryRun: boolean
}

/** `PictureTaker` from one folder to another. Nothing outside of the first is ever read, whatever links there are. */
export async function createDiskPictureTaker({
  from,
  to,
  dryRun
}: PictureTakerOptions): Promise<PictureTaker> {
  const root = await realpath(from)
  const store = dryRun ? undefined : await createDiskMediaStore({ folder: to })

  async function take(path: string, key: MediaKey): Promise<PictureOutcome> {
    const source = join(root, path)
    const folder = await realpath(dirname(source)).catch(ignoreAbsent)
    if (folder === undefined) return 'not found'
    if (!isInside(root, folder)) return 'outside of the folder'
    const found = await lstat(source).catch(ignoreAbsent)
    if (!found?.isFile()) return found ? 'not a file' : 'not found'
    const outcome = store ? await store.adopt(source, key) : await look(join(to, key), found.size)
    return outcome === 'missing' ? 'not found' : outcome
  }

  return {
    take: (path, key) => translatingErrors(() => take(path, key)),
    sync: async () => store?.sync()
  }
}

/** What `adopt` would answer. */
async function look(path: string, bytes: number): Promise<'copied' | 'present'> {
  const there = await lstat(path).catch(ignoreAbsent)
  return there?.isFile() && there.size === bytes ? 'present' : 'copied'
}

function isInside(root: string, folder: string): boolean {
  const path = relative(root, folder)
  return path !== '..' && !path.startsWith(`..${sep}`)
}

const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'])

function ignoreAbsent(error: unknown): undefined {
  if (!ABSENT.has(errorCode(error))) throw error
}
