import type { Picture } from '../pictures/picture-format.ts'

declare const brand: unique symbol

/**
 * The name of a stored file, such as `3f9c….jpg`: no folders, no leading dot. One that did not come from the folder of
 * avatars has its whole path for a name, with escaped slashes; see `media-paths.ts`.
 */
export type MediaKey = string & { readonly [brand]: 'MediaKey' }

export interface StoredFile {
  key: MediaKey
  bytes: number
  /** Epoch milliseconds. */
  modifiedAt: number
}

/**
 * Where pictures are kept, and beside each the squares that were made of it. A key is given out once and its bytes
 * never change.
 * Throws `unavailable` (503) where the store can't be reached and `storage_full` (507) where it is full.
 */
export interface MediaStore {
  /** Where each picture is a file under its key, the absolute path of their folder: it is served from there. */
  readonly folder?: string

  /** Keeps a picture under a new random key. Once this resolves, the picture survives a crash. */
  put(picture: Picture): Promise<MediaKey>

  /**
   * Keeps a square of a picture under its variant's name, whole or not at all; the last of several wins. It need not
   * survive a power cut: it can be made again.
   */
  putVariant(name: MediaKey, bytes: Uint8Array): Promise<void>

  /** A stored file's bytes. Undefined where there is none. */
  read(key: MediaKey): Promise<Buffer | undefined>

  has(key: MediaKey): Promise<boolean>

  /** Takes away a picture and then its variants, or one variant; safe to repeat. */
  delete(key: MediaKey): Promise<void>

  /**
   * Keeps bytes from another store under the key that they have there, whole or not at all and as safely as `put`; what
   * is there under it is replaced. Stores that pictures are moved into have it.
   */
  putUnder?(key: MediaKey, bytes: Uint8Array): Promise<void>

  /** Everything in the store, variants and half-written files too, in no order. */
  list(): AsyncIterable<StoredFile>
}
