import type { Log } from '../log.ts'
import type { Decoders } from '../pictures/decoders.ts'
import { InvalidPictureError } from '../pictures/invalid-picture.ts'
import { parseVariantName } from './media-names.ts'
import type { MediaKey, MediaStore } from './media-store.ts'

export interface Variants {
  /**
   * Makes a square of a stored picture and stores it beside it. However many ask for it at the same time, it is made once.
   * Asking for one that exists makes it again: look first.
   * @param name such as `3f9c…@64.webp`
   * @returns whether it is there now; false for a name of no variant, and where there is no such picture
   * @throws `unavailable` (503), `storage_full` (507)
   */
  make(name: string): Promise<boolean>
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
  const making = new Map<string, Promise<boolean>>()

  async function findPicture(candidates: MediaKey[]): Promise<{ key: MediaKey; bytes: Buffer } | undefined> {
    for (const key of candidates) {
      const bytes = await media.read(key)
      if (bytes) return { key, bytes }
    }
    return undefined
  }

  async function cut(
    { key, bytes }: { key: MediaKey; bytes: Buffer },
    side: number
  ): Promise<Buffer | undefined> {
    try {
      return await decoders.prepareSquare(bytes, side)
    } catch (error) {
      if (!(error instanceof InvalidPictureError)) throw error
      log.warn({ err: error, key }, 'a stored picture can’t be read')
      return undefined
    }
  }

  async function makeOnce(name: string): Promise<boolean> {
    const variant = parseVariantName(name)
    const picture = variant && (await findPicture(variant.pictures))
    const square = picture && (await cut(picture, variant.side))
    if (!square) return false
    await media.putVariant(name as MediaKey, square)
    // A picture that was deleted meanwhile took along only the variants that it had then.
    if (await media.has(picture.key)) return true
    await media.delete(name as MediaKey)
    return false
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
