import type { MediaKey } from '../../avatars/media-store.ts'

/** All that is ours in a bucket is in this folder below the prefix, as on disk. */
export const FOLDER = 'avatars/'

/** Backslashes are separators elsewhere, and a name of dots leads out of its folder there. */
const NO_NAME = /[/\\\0]|^\.{0,2}$/

/** Whether a key may be an object of ours: the disk store takes the same ones. */
export const isObjectName = (key: string): key is MediaKey => !NO_NAME.test(key)

/**
 * The object of a key: its own name below the folder, escapes and all, so that the folder on disk and the one in the bucket
 * hold the same names.
 */
export function objectName(prefix: string, key: MediaKey): string {
  if (!isObjectName(key)) throw new Error('a media key names no object of the store')
  return prefix + FOLDER + key
}
