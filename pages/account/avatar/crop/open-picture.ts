import type { Size } from './crop.ts'

/** A chosen file as the browser shows it, upright. */
export interface OpenedPicture extends Size {
  url: string
  /** Lets the browser forget it. */
  close(): void
}

/** Pixels that are worked with: 64 MB of memory, and all that Safari draws at once. Whatever is larger is scaled first. */
const MAX_PIXELS = 16_000_000

/** Kept for what is scaled, so that nothing of it is seen. */
const SCALED_QUALITY = 0.95

/** @throws where the browser doesn't show such a file */
export async function openPicture(file: Blob): Promise<OpenedPicture> {
  const url = URL.createObjectURL(file)
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const { naturalWidth: width, naturalHeight: height } = image
    if (width === 0 || height === 0) throw new Error('it has no size of its own')
    if (width * height <= MAX_PIXELS) return opened(url, { width, height })
    const scaled = await scale(image, { width, height }, file.type)
    URL.revokeObjectURL(url)
    return scaled
  } catch (error) {
    URL.revokeObjectURL(url)
    throw error
  }
}

const opened = (url: string, size: Size): OpenedPicture => ({
  url,
  ...size,
  close: () => URL.revokeObjectURL(url)
})

async function scale(image: HTMLImageElement, size: Size, type: string): Promise<OpenedPicture> {
  const ratio = Math.sqrt(MAX_PIXELS / (size.width * size.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.floor(size.width * ratio)
  canvas.height = Math.floor(size.height * ratio)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('there is no canvas to draw on')
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, type === 'image/jpeg' ? type : 'image/png', SCALED_QUALITY)
  })
  if (!blob) throw new Error('it is too large to be scaled')
  const { width, height } = canvas
  // Gives its memory back at once.
  canvas.width = 0
  return opened(URL.createObjectURL(blob), { width, height })
}
