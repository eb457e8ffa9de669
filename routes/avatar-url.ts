import { Type } from '@sinclair/typebox'
import type { ShownAvatar } from '../src/avatars/avatar-lookup.ts'
import { VARIANT_SIDES, variantName } from '../src/avatars/media-names.ts'
import { mediaUrlPath } from '../src/avatars/media-paths.ts'
import { placeholderName } from '../src/avatars/placeholder.ts'
import { errors } from '../src/errors.ts'

const MAX_SIZE = 2048

/** What `readSize` takes, for documents. */
export const SizeParameter = Type.Integer({
  description: 'Pixels a side.',
  minimum: 1,
  maximum: MAX_SIZE,
  examples: [64]
})

/** Where pictures are, and what stands for those who have none. */
export interface AvatarPaths {
  /** What stands before the path of a picture. */
  mediaUrl: string
  /** What stands before a placeholder's name. */
  placeholderUrl: string
}

/**
 * The path of the smallest picture that is not smaller than asked for: a square, or where that would be larger than all of
 * them, or no size is given, the picture itself; the placeholder where there is none.
 */
export function avatarPath(
  { picture, placeholder }: ShownAvatar,
  size: number | undefined,
  { mediaUrl, placeholderUrl }: AvatarPaths
): string {
  if (picture === null) return placeholderUrl + encodeURIComponent(placeholderName(placeholder))
  const side = size === undefined ? undefined : VARIANT_SIDES.find((one) => one >= size)
  const name = (side !== undefined && variantName(picture, side)) || picture
  return mediaUrl + mediaUrlPath(name)
}

/**
 * A size in pixels as a query has it, in one of the given parameters. Undefined where it has none.
 * @throws `invalid` (400) in Django REST Framework's sentences
 */
export function readSize<Name extends string>(
  query: { [name in Name]?: unknown },
  ...names: Name[]
): number | undefined {
  const name = names.find((one) => query[one] !== undefined)
  const text = name && query[name]
  const invalidSize = (sentence: string) => errors.invalidFields({ [name ?? 'size']: [sentence] })
  if (text === undefined || text === '') return undefined
  const size = typeof text === 'string' && /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(size)) throw invalidSize('A valid integer is required.')
  if (size < 1) throw invalidSize('Ensure this value is greater than or equal to 1.')
  if (size > MAX_SIZE) throw invalidSize(`Ensure this value is less than or equal to ${MAX_SIZE}.`)
  return size
}
