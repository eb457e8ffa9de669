import { angleOf, type Crop, type Size, sideOf } from './crop.ts'

/** Draws the square on a canvas, all over it. */
export function drawCrop(
  canvas: HTMLCanvasElement,
  picture: CanvasImageSource,
  size: Size,
  crop: Crop
): CanvasRenderingContext2D {
  const context = canvas.getContext('2d')
  if (!context) throw new Error('there is no canvas to draw on')
  const scale = canvas.width / sideOf(size, crop)
  context.resetTransform()
  context.clearRect(0, 0, canvas.width, canvas.height)
  context.translate(canvas.width / 2, canvas.height / 2)
  context.rotate(angleOf(crop))
  context.scale(scale, scale)
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, -crop.x, -crop.y, size.width, size.height)
  return context
}
