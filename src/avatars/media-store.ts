import type { Readable } from 'node:stream'
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

/** A stored file on its way to a client. */
export interface OpenedFile {
  /** Of all of it, whatever part was asked for. */
  bytes: number
  /** Its strong validator, in quotes (RFC 9110, 8.8.3). */
  etag: string
  /** Epoch milliseconds, by the store's clock. */
  modifiedAt: number
  /** The media type under which the store itself would send it. */
  type: string | undefined
  /** What was asked for, or a stream of it that holds a connection until it was read to its end, or destroyed. */
  body: Buffer | Readable
}

export interface OpenOptions {
  /** Offsets in bytes, both included; not behind the end. @default all of it */
  part?: { start: number; end: number }
  /** Whether nobody waits for it any longer. */
  signal?: AbortSignal
}

/** What is known of a file when it is asked where it is. */
export interface LocateOptions {
  /** By its bytes; undefined where it is no picture that browsers may be shown. */
  type: string | undefined
  /** Under which the store itself would send it. */
  storedType: string | undefined
}

export interface FileLocation {
  url: string
  /** How long a client may keep that. */
  maxAgeSeconds: number
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

  /**
   * A stored file, or a part of it, to be sent on: held whole only where it is small. Undefined where there is none. Stores
   * that have it are served by it.
   */
  open?(key: MediaKey, options?: OpenOptions): Promise<OpenedFile | undefined>

  /** Where clients may fetch a file that is there without the service; undefined where they may not. */
  locate?(key: MediaKey, file: LocateOptions): Promise<FileLocation | undefined>

  /** Takes away a picture and then its variants, or one variant; safe to repeat. */
  delete(key: MediaKey): Promise<void>

  /**
   * Keeps bytes from another store under the key that they have there, whole or not at all and as safely as `put`; what
   * is there under it is replaced. Stores that pictures are moved into have it.
   */
  putUnder?(key: MediaKey, bytes: Uint8Array): Promise<void>

  /** Everything in the store, variants and half-written files too, in no order. */
  list(): AsyncIterable<StoredFile>

  /** Asks whether the store can be used now, at little cost. */
  check?(): Promise<void>

  /** Bytes of room that are left, where that is known. */
  freeBytes?(): Promise<number>

  /** Finishes what was begun and lets connections go. Whoever opened the store closes it. */
  close?(): Promise<void>
}
