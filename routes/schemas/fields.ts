import { Type } from '@sinclair/typebox'
import type { UploadedFile } from '../../src/avatars/uploaded-file.ts'

/**
 * A text as Django REST Framework takes it: trimmed, numbers as their text, without U+0000 and lone surrogates.
 * `trim` and `normalise` are read by the body's normaliser; lengths count code points.
 */
interface TextOptions {
  maxLength?: number
  blank?: boolean
  trim?: boolean
  normalise?: 'NFKC'
  format?: 'email' | 'username'
  description?: string
  examples?: string[]
}

const textKeywords = ({ blank = false, ...options }: TextOptions) => ({
  ...options,
  minLength: blank ? 0 : 1,
  noNul: true,
  wellFormed: true
})

export const Text = (options: TextOptions) => Type.String(textKeywords(options))

const NullableText = (options: TextOptions) =>
  Type.Unsafe<string | null>({ ...textKeywords(options), type: ['string', 'null'] })

export const Username = Text({
  maxLength: 150,
  normalise: 'NFKC',
  format: 'username',
  description: 'Unique whatever its letter case or width. Letters, digits and @/./+/-/_.',
  examples: ['john_doe_updated']
})
export const Email = Text({
  maxLength: 200,
  format: 'email',
  description: 'Unique whatever its letter case.',
  examples: ['alice@example.com']
})
export const FirstName = Text({ maxLength: 200, blank: true, examples: ['Alice'] })
export const LastName = Text({ maxLength: 200, blank: true, examples: ['Wonderland'] })
export const NumberPhone = NullableText({ maxLength: 10, blank: true, examples: ['5559876543'] })
/** What an account is looked up by: as long as any email could be (RFC 3696). */
export const Identifier = Text({ maxLength: 320, description: 'An email or a username, in any case.' })
/** Not trimmed: a space at its end is part of a password. */
export const NewPassword = Text({ maxLength: 128, trim: false })
/** To be compared only: as long as any that was ever accepted elsewhere. */
export const CurrentPassword = Text({ maxLength: 4096, trim: false })

/** A file in a multipart body; null (in a form: an empty value) takes the picture away. */
export const AvatarFile = Type.Unsafe<UploadedFile | null>({
  uploadedFile: true,
  notEmptyFile: true,
  description: 'A picture: JPEG, PNG, WebP, GIF or AVIF. Null, or an empty value in a form, removes it.'
})
