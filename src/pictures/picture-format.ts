/** The formats in which pictures are stored, by their file names' endings. */
export type PictureFormat = 'jpg' | 'png' | 'webp'

/** A picture ready to be stored and served. */
export interface Picture {
  bytes: Buffer
  format: PictureFormat
}

/** What may be uploaded, by libvips' name of the format, and what it becomes. */
const storedAs: Partial<Record<string, PictureFormat>> = {
  jpeg: 'jpg',
  png: 'png',
  webp: 'webp',
  // Its first frame. Browsers take WebP wherever they take GIF.
  gif: 'webp',
  // Encoding AVIF costs seconds; WebP is its nearest quick relative.
  heif: 'webp'
}

export function storedFormat(inputFormat: string | undefined): PictureFormat | undefined {
  return inputFormat === undefined ? undefined : storedAs[inputFormat]
}

/**
 * Whether bytes begin like a picture that is taken (JPEG, PNG, WebP, GIF, AVIF), so that nothing else
 * ever reaches a decoder. `head` is the first 32 bytes or more. Signatures: each format's specification.
 */
export function looksLikePicture(head: Buffer): boolean {
  const ascii = (start: number, end: number) => head.toString('latin1', start, end)
  if (head.length < 12) return false
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return true
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return true
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return true
  if (ascii(0, 6) === 'GIF87a' || ascii(0, 6) === 'GIF89a') return true
  return ascii(4, 8) === 'ftyp' && /avif|avis/.test(ascii(8, Math.min(head.readUInt32BE(0), 32)))
}
