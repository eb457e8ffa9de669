import type { PictureFormat } from './picture-format.ts'

declare const brand: unique symbol

/** The name of a stored picture, such as `3f9c….jpg`: no folders, no leading dot. */
export type MediaKey = string & { readonly [brand]: 'MediaKey' }

/** A picture ready to be stored and served. */
export interface Picture {
  bytes: Buffer
  format: PictureFormat
}

export interface StoredFile {
  key: MediaKey
  /** Epoch milliseconds. */
  modifiedAt: number
}

/**
 * Where pictures are kept. A key is given out once and its bytes never change.
 * Throws `unavailable` (503) where the store can't be reached and `storage_full` (507) where it is full.
 */
export interface MediaStore {
  /** Keeps a picture under a new random key. Once this resolves, the picture survives a crash. */
  put(picture: Picture): Promise<MediaKey>

  /** Takes a picture away; safe to repeat. */
  delete(key: MediaKey): Promise<void>

  /** Everything in the store, half-written files too, in no order. */
  list(): AsyncIterable<StoredFile>
}
