import sharp from 'sharp'
import type { PictureFormat, PictureKind } from './picture-format.ts'

interface InputFormat {
  kind: PictureKind
  /** As people write it. */
  name: string
  /** libvips' name of it. */
  format: string
  /** What it becomes. Browsers take WebP wherever they take GIF; encoding AVIF would cost seconds. */
  storedAs: PictureFormat
  /** libvips' operation that reads it from memory. */
  loader: string
  /** Times that its pixels count: what its decoder needs for each is so much more. */
  weight?: number
}

const HEIF = { format: 'heif', storedAs: 'webp', loader: 'VipsForeignLoadHeifBuffer', weight: 2 } as const

const FORMATS: InputFormat[] = [
  { kind: 'jpeg', name: 'JPEG', format: 'jpeg', storedAs: 'jpg', loader: 'VipsForeignLoadJpegBuffer' },
  { kind: 'png', name: 'PNG', format: 'png', storedAs: 'png', loader: 'VipsForeignLoadPngBuffer' },
  { kind: 'webp', name: 'WebP', format: 'webp', storedAs: 'webp', loader: 'VipsForeignLoadWebpBuffer' },
  { kind: 'gif', name: 'GIF', format: 'gif', storedAs: 'webp', loader: 'VipsForeignLoadNsgifBuffer' },
  { kind: 'avif', name: 'AVIF', ...HEIF },
  { kind: 'tiff', name: 'TIFF', format: 'tiff', storedAs: 'webp', loader: 'VipsForeignLoadTiffBuffer' },
  { kind: 'heic', name: 'HEIC', ...HEIF }
]

/** HEVC is patented: sharp's own libvips has no decoder for it, one that a system brings may have. */
const canRead = ({ kind, format }: InputFormat) => {
  const input = Object.entries(sharp.format).find(([name]) => name === format)?.[1].input
  return input?.buffer === true && (kind !== 'heic' || input.fileSuffix?.includes('.heic') === true)
}

const readable = FORMATS.filter(canRead)

/** The format of a kind of picture, where the installed libvips reads it. */
export const inputFormat = (kind: PictureKind): InputFormat | undefined =>
  readable.find((one) => one.kind === kind)

/** All that may be uploaded, such as `JPEG, PNG or WebP`. */
export const takenFormats = readable
  .map(({ name }) => name)
  .join(', ')
  .replace(/, ([^,]+)$/, ' or $1')

/**
 * Leaves libvips of this process no loader but those of the formats that are taken, from memory: none for SVG, PDF,
 * its own format, or files.
 */
export function blockOtherLoaders(): void {
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: [...new Set(readable.map(({ loader }) => loader))] })
}
