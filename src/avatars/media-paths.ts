import { isOwnName, parseVariantName } from './media-names.ts'
import type { MediaKey } from './media-store.ts'
import { parsePlaceholderName } from './placeholder.ts'

/** The folder whose files have their own names for keys. */
const AVATARS = 'avatars/'

/** The folder of which some files are drawn. */
const PLACEHOLDERS = 'placeholders/'

/** A slash as keys have it. In front, it says that a whole path follows. */
const SLASH = '%2F'

/** Bytes of a file's name, on all file systems in use. */
const MAX_KEY_BYTES = 255

/** Backslashes, control characters and halves of surrogate pairs; names that are empty or have a dot in front. */
const UNSAFE = /[\\\p{Cc}\p{Cs}]|(?:^|\/)(?:[./]|$)/u

/**
 * The key of a file by its path below `MEDIA_ROOT` or, decoded, below `MEDIA_URL`: of `avatars/alice.png` it is `alice.png`, of
 * `users/7/alice.png` it is `%2Fusers%2F7%2Falice.png`. The path is taken as it is written, to the byte. Undefined where
 * it may not be, or is too long.
 */
export function mediaKeyAt(path: string): MediaKey | undefined {
  if (UNSAFE.test(path)) return undefined
  const name = path.startsWith(AVATARS) ? path.slice(AVATARS.length) : ''
  const isBare = name !== '' && !name.includes('/') && !name.startsWith(SLASH)
  const key = isBare ? name : SLASH + path.replaceAll('%', '%25').replaceAll('/', SLASH)
  return Buffer.byteLength(key) <= MAX_KEY_BYTES ? (key as MediaKey) : undefined
}

/**
 * The key for a picture from elsewhere, such as the value of a Django `ImageField`. Undefined also where its URL would be
 * one of those that are given out here: of a square, or of a placeholder.
 */
export function mediaKeyFromPath(path: string): MediaKey | undefined {
  const key = mediaKeyAt(path)
  if (key === undefined || parseVariantName(key)) return undefined
  const isDrawn = path.startsWith(PLACEHOLDERS) && parsePlaceholderName(path.slice(PLACEHOLDERS.length))
  return isDrawn ? undefined : key
}

/** Whether a text from elsewhere is a key, and so the name of a file in the folder of pictures and nowhere else. */
export const isMediaKey = (text: string): text is MediaKey => mediaKeyAt(mediaPath(text as MediaKey)) === text

/** The path below `MEDIA_ROOT` that a key stands for. */
export const mediaPath = (key: MediaKey): string =>
  key.startsWith(SLASH)
    ? key.slice(SLASH.length).replaceAll(SLASH, '/').replaceAll('%25', '%')
    : AVATARS + key

/**
 * What a file's URL has after `MEDIA_URL`. Names from elsewhere are escaped as Django 5.2 does it, because clients compare
 * URLs as texts: its `filepath_to_uri` is JavaScript's `encodeURIComponent` but for the slashes.
 */
export const mediaUrlPath = (key: MediaKey): string =>
  isOwnName(key) ? AVATARS + key : mediaPath(key).split('/').map(encodeURIComponent).join('/')
