import { useEffect, useRef, useState } from 'preact/hooks'
import { useAvatarMessages } from '../language/use-avatar-messages.ts'
import { type Crop, cropOfMatrix, matrixOf, type Size } from './crop.ts'
import { cropAfterKey } from './crop-keys.ts'
import { type Cropper, openCropper } from './open-cropper.ts'

interface CropStageProps {
  /** Of the picture. */
  url: string
  size: Size
  crop: Crop
  onCrop(crop: Crop): void
  /** Told what can be drawn from. */
  onPicture(picture: HTMLImageElement): void
  disabled: boolean
  /** Of the sentence that says how it is used. */
  hintId: string
}

/** The square, and the picture below it. */
export function CropStage({ url, size, crop, onCrop, onPicture, disabled, hintId }: CropStageProps) {
  const messages = useAvatarMessages()
  const stage = useRef<HTMLDivElement>(null)
  const cropper = useRef<Cropper>(null)
  // Pixels of the screen; 0 until the picture can be shown.
  const [side, setSide] = useState(0)
  // Several gestures may come before the next drawing: each goes on from the one before.
  const latest = useRef({ crop, side, disabled })
  latest.current = { crop, side, disabled }

  const change = (next: Crop) => {
    latest.current = { ...latest.current, crop: next }
    cropper.current?.show(matrixOf(size, next, latest.current.side))
    onCrop(next)
  }

  useEffect(() => {
    const place = stage.current
    if (!place) return
    const observer = new ResizeObserver(() => setSide(place.clientWidth))
    cropper.current = openCropper(place, url, {
      onReady(picture) {
        observer.observe(place)
        onPicture(picture)
        // Unless somebody who waited is about to leave.
        if (!document.activeElement?.closest('footer')) place.focus({ preventScroll: true })
      },
      onGesture(matrix) {
        const { crop: current, side: shown, disabled: isOff } = latest.current
        if (!isOff && shown > 0) change(cropOfMatrix(size, current, shown, matrix))
      }
    })
    return () => {
      observer.disconnect()
      cropper.current?.close()
      cropper.current = null
    }
  }, [url])

  useEffect(() => {
    // A gesture may have come after this drawing.
    if (side > 0) cropper.current?.show(matrixOf(size, latest.current.crop, side))
  }, [crop, side])

  return (
    <div
      ref={stage}
      class={side > 0 ? 'crop-stage ready' : 'crop-stage'}
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys move the picture
      tabIndex={0}
      aria-label={messages.cropArea}
      aria-describedby={hintId}
      onKeyDown={(event) => {
        const next = disabled ? undefined : cropAfterKey(event, size, latest.current.crop)
        if (!next) return
        event.preventDefault()
        change(next)
      }}
      onPointerDown={(event) => event.currentTarget.focus({ preventScroll: true })}
    />
  )
}
