import { ServiceError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Decoders } from '../pictures/decoders.ts'
import { InvalidPictureError } from '../pictures/invalid-picture.ts'
import { parseVariantName } from './media-names.ts'
import type { MediaKey, MediaStore } from './media-store.ts'

/** `made`: the square is stored now. `picture`: it can't be made at the moment; this one may be shown in its place. */
export type VariantOutcome = { made: true } | { made: false; picture: MediaKey }

export interface Variants {
  /**
   * Makes a square of a stored picture and stores it beside it. However many ask for it at the same time, it is made once.
   * Asking for one that exists makes it again: look first.
   * @param name such as `3f9c…@64.webp`
   * @returns undefined for a name of no variant, and where there is no such picture
   * @throws `unavailable` (503) where the store can't be reached
   */
  make(name: string): Promise<VariantOutcome | undefined>
}

export function createVariants({
  media,
  decoders,
  log
}: {
  media: MediaStore
  decoders: Decoders
  log: Log
}): Variants {
  const making = new Map<string, Promise<VariantOutcome | undefined>>()

  async function findPicture(candidates: MediaKey[]): Promise<MediaKey | undefined> {
    for (const key of candidates) if (await media.has(key)) return key
    return undefined
  }

  async function store(name: MediaKey, key: MediaKey, side: number): Promise<VariantOutcome | undefined> {
    const square = await decoders.prepareSquare(() => media.read(key), side)
    if (!square) return undefined
    await media.putVariant(name, square)
    // A picture that was deleted meanwhile took along only the variants that it had then.
    if (await media.has(key)) return { made: true }
    await media.delete(name)
    return undefined
  }

  async function makeOnce(name: string): Promise<VariantOutcome | undefined> {
    const variant = parseVariantName(name)
    const key = variant && (await findPicture(variant.pictures))
    if (!key) return undefined
    try {
      return await store(name as MediaKey, key, variant.side)
    } catch (error) {
      if (error instanceof InvalidPictureError) {
        log.warn({ err: error, key }, 'a stored picture can’t be read')
        return undefined
      }
      // Too many wait, or the disk is full: whoever looks at a page would rather see a picture.
      if (!(error instanceof ServiceError)) throw error
      log.warn({ err: error.cause ?? error, key }, 'a square could not be made')
      return { made: false, picture: key }
    }
  }

  return {
    make(name) {
      const known = making.get(name)
      if (known) return known
      const made = makeOnce(name).finally(() => making.delete(name))
      making.set(name, made)
      return made
    }
  }
}
