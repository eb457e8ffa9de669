import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { settings } from '../../../shared/settings.ts'
import { useAvatarMessages } from '../language/use-avatar-messages.ts'
import { sideOf, wholeCrop } from './crop.ts'
import { CropControls } from './crop-controls.tsx'
import { CropPreviews } from './crop-previews.tsx'
import { CropStage } from './crop-stage.tsx'
import { encodeCrop } from './encode-crop.ts'
import type { OpenedPicture } from './open-picture.ts'
import { useSettled } from './use-settled.ts'

interface CropEditorProps {
  opened: OpenedPicture
  /** Media type of the file. */
  type: string
  disabled: boolean
  /** Told what makes a file of what is seen then. */
  onEncode(encode: () => Promise<Blob>): void
}

/** Time without a change after which a screen reader is told what came of it. */
const SETTLED_MS = 800

/** The square with its controls and previews. */
export function CropEditor({ opened, type, disabled, onEncode }: CropEditorProps) {
  const messages = useAvatarMessages()
  const hintId = useId()
  const [crop, setCrop] = useState(() => wholeCrop(opened))
  // Effects come a moment after what is seen; whoever is faster saves what is seen.
  const latest = useRef(crop)
  latest.current = crop
  const [picture, setPicture] = useState<HTMLImageElement>()
  const { avatarMaxBytes: maxBytes, avatarMaxSide: maxSide } = settings
  useEffect(() => {
    if (picture) onEncode(() => encodeCrop(picture, opened, latest.current, type, { maxBytes, maxSide }))
  }, [picture])

  const side = Math.round(sideOf(opened, crop))
  const sizes = messages.cropSize(side)
  const told = useSettled(sizes, SETTLED_MS)
  return (
    <fieldset class="crop-editor" disabled={disabled}>
      <div class="crop-place">
        <CropStage
          url={opened.url}
          size={opened}
          crop={crop}
          onCrop={setCrop}
          onPicture={setPicture}
          disabled={disabled}
          hintId={hintId}
        />
        <small id={hintId}>
          <span class="for-mouse">{messages.cropHint}</span>
          <span class="for-touch">{messages.cropHintTouch}</span>
        </small>
      </div>
      <div class="crop-side">
        <CropPreviews picture={picture} size={opened} crop={crop} />
        <CropControls size={opened} crop={crop} onCrop={setCrop} />
        <small aria-hidden="true">{sizes}</small>
        <span class="visually-hidden" role="status">
          {told}
        </span>
      </div>
    </fieldset>
  )
}
