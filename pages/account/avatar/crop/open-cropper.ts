import { CropperCanvas, CropperImage } from 'cropperjs'
import type { Matrix } from './crop.ts'

interface CropperOptions {
  /** The picture can be shown and drawn. */
  onReady(picture: HTMLImageElement): void
  /** A gesture asks for another place of the picture. Until `show` says so, it stays where it is. */
  onGesture(matrix: Matrix): void
}

export interface Cropper {
  show(matrix: Matrix): void
  close(): void
}

/**
 * A picture in a place of the page, moved by mouse or finger, zoomed by wheel or two fingers. Of `cropperjs`, what knows
 * gestures and what shows the picture is used; how far the picture may go is decided elsewhere.
 */
export function openCropper(
  place: HTMLElement,
  url: string,
  { onReady, onGesture }: CropperOptions
): Cropper {
  CropperCanvas.$define()
  CropperImage.$define()
  const canvas = document.createElement('cropper-canvas')
  const image = document.createElement('cropper-image') as CropperImage
  const cover = document.createElement('div')
  cover.className = 'crop-cover'
  // What a finger on it does.
  cover.setAttribute('action', 'move')
  for (const ability of ['translatable', 'scalable']) image.setAttribute(ability, '')
  image.setAttribute('src', url)
  canvas.append(image, cover)
  place.append(canvas)

  let isClosed = false
  let isShowing = false
  const follow = (event: Event) => {
    if (isShowing) return
    event.preventDefault()
    onGesture((event as CustomEvent<{ matrix: Matrix }>).detail.matrix)
  }
  void image.$ready((picture) => {
    if (isClosed) return
    // What is around it says what it is.
    picture.alt = ''
    image.addEventListener('transform', follow)
    onReady(picture)
  })

  return {
    show(matrix) {
      isShowing = true
      image.$setTransform(matrix)
      isShowing = false
    },
    close() {
      isClosed = true
      canvas.remove()
    }
  }
}
