/** The formats in which pictures are stored, by their file names' endings. */
export const PICTURE_FORMATS = ['jpg', 'png', 'webp'] as const

export type PictureFormat = (typeof PICTURE_FORMATS)[number]

export const isPictureFormat = (format: string): format is PictureFormat =>
  PICTURE_FORMATS.some((one) => one === format)

/** A picture ready to be stored and served. */
export interface Picture {
  bytes: Buffer
  format: PictureFormat
}

/** The kinds of picture that are told apart by how their bytes begin. */
export type PictureKind =
  | 'jpeg'
  | 'png'
  | 'webp'
  | 'gif'
  | 'avif'
  | 'tiff'
  | 'heic'
  | 'bmp'
  | 'jxl'
  | 'jp2'
  | 'ico'
  | 'psd'

/** As many bytes of a file's beginning as `pictureKind` looks at. */
export const SIGNATURE_BYTES = 64

const ISO_MEDIA_BRANDS: [pattern: RegExp, kind: PictureKind][] = [
  [/avif|avis/, 'avif'],
  [/heic|heix|heim|heis|hevc|hevx|mif1|msf1/, 'heic']
]

/**
 * What kind of picture bytes begin like; undefined for everything else (SVG, PDF, text, …). Signatures: each format's
 * specification.
 * @param head the first `SIGNATURE_BYTES` or more
 */
export function pictureKind(head: Uint8Array): PictureKind | undefined {
  if (head.length < 12) return undefined
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, SIGNATURE_BYTES))
  const text = (start: number, end: number) => bytes.toString('latin1', start, end)
  if (text(0, 3) === '\xff\xd8\xff') return 'jpeg'
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp'
  if (text(0, 6) === 'GIF87a' || text(0, 6) === 'GIF89a') return 'gif'
  if (/^(?:II[\x2a\x2b]\0|MM\0[\x2a\x2b])/.test(text(0, 4))) return 'tiff'
  if (text(4, 8) === 'ftyp') {
    const brands = text(8, Math.min(bytes.readUInt32BE(0), SIGNATURE_BYTES))
    return ISO_MEDIA_BRANDS.find(([pattern]) => pattern.test(brands))?.[1]
  }
  if (text(0, 2) === 'BM' && bytes.readUInt32LE(6) === 0) return 'bmp'
  if (text(0, 2) === '\xff\x0a' || text(0, 12) === '\0\0\0\x0cJXL \r\n\x87\n') return 'jxl'
  if (text(0, 4) === '\xff\x4f\xff\x51' || text(0, 12) === '\0\0\0\x0cjP  \r\n\x87\n') return 'jp2'
  if (text(0, 4) === '\0\0\x01\0') return 'ico'
  return text(0, 4) === '8BPS' ? 'psd' : undefined
}
