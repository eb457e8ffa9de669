import { PICTURE_FORMATS } from '../pictures/picture-format.ts'
import type { MediaKey } from './media-store.ts'

/** Pixels a side of the squares that are made of a picture when they are first asked for, ascending. */
export const VARIANT_SIDES = [32, 64, 128, 256] as const

type VariantSide = (typeof VARIANT_SIDES)[number]

const PICTURE = /^([0-9a-f]{32})\.(?:jpg|png|webp)$/
const VARIANT = /^([0-9a-f]{32})@(32|64|128|256)\.webp$/

/** Whether a name is one that is given out here, to a picture or a square. */
export const isOwnName = (name: string): boolean => PICTURE.test(name) || VARIANT.test(name)

/**
 * The file of a picture's square, such as `3f9c…@64.webp` for `3f9c….jpg`. Undefined where the picture's name is not one
 * that was given out here: names from elsewhere may differ in their endings alone.
 */
export function variantName(key: MediaKey, side: VariantSide): MediaKey | undefined {
  const stem = PICTURE.exec(key)?.[1]
  return stem === undefined ? undefined : (`${stem}@${side}.webp` as MediaKey)
}

/** All files that may have been made of a picture. */
export const variantNames = (key: MediaKey): MediaKey[] =>
  VARIANT_SIDES.flatMap((side) => variantName(key, side) ?? [])

/** What a variant's name says: its side, and which pictures it may be made of (one of them exists at most). */
export function parseVariantName(name: string): { side: VariantSide; pictures: MediaKey[] } | undefined {
  const [, stem, digits] = VARIANT.exec(name) ?? []
  const side = VARIANT_SIDES.find((one) => String(one) === digits)
  if (stem === undefined || side === undefined) return undefined
  return { side, pictures: PICTURE_FORMATS.map((format) => `${stem}.${format}` as MediaKey) }
}

/** The keys of which a row has to hold one for a stored file to be in use. */
export const picturesOf = (name: MediaKey): MediaKey[] => parseVariantName(name)?.pictures ?? [name]
