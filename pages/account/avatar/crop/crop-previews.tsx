import { useEffect, useRef } from 'preact/hooks'
import { useAvatarMessages } from '../language/use-avatar-messages.ts'
import type { Crop, Size } from './crop.ts'
import { drawCrop } from './draw-crop.ts'

interface CropPreviewsProps {
  picture: HTMLImageElement | undefined
  size: Size
  crop: Crop
}

/** Pixels a side: sharp on a phone's screen too. */
const SIDE = 192

/** What is kept, as it will be shown: round, square, and small. */
export function CropPreviews({ picture, size, crop }: CropPreviewsProps) {
  const messages = useAvatarMessages()
  const round = useRef<HTMLCanvasElement>(null)
  const square = useRef<HTMLCanvasElement>(null)
  const small = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (!picture) return
    const frame = requestAnimationFrame(() => {
      if (!round.current) return
      drawCrop(round.current, picture, size, crop)
      for (const copy of [square.current, small.current]) copyTo(copy, round.current)
    })
    return () => cancelAnimationFrame(frame)
  }, [picture, crop])
  return (
    <div class="crop-previews">
      <canvas
        ref={round}
        class="round"
        width={SIDE}
        height={SIDE}
        role="img"
        aria-label={messages.previewRound}
      />
      <canvas ref={square} width={SIDE} height={SIDE} role="img" aria-label={messages.previewSquare} />
      <canvas ref={small} class="round small" width={SIDE} height={SIDE} />
    </div>
  )
}

function copyTo(copy: HTMLCanvasElement | null, drawn: HTMLCanvasElement): void {
  const context = copy?.getContext('2d')
  context?.clearRect(0, 0, SIDE, SIDE)
  context?.drawImage(drawn, 0, 0)
}
