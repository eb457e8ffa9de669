import type { ComponentChildren } from 'preact'
import { useAvatarMessages } from '../language/use-avatar-messages.ts'
import { type Crop, confine, MAX_TILT, maxZoom, movePicture, type Size, wholeCrop } from './crop.ts'
import { STEP, ZOOM_STEP } from './crop-keys.ts'
import { Icon, type IconName } from './icon.tsx'

interface CropControlsProps {
  size: Size
  crop: Crop
  onCrop(crop: Crop): void
}

/** What gestures and keys do, and more, by buttons and sliders: each can be reached without dragging. */
export function CropControls({ size, crop, onCrop }: CropControlsProps) {
  const messages = useAvatarMessages()
  const change = (changes: Partial<Crop>) => onCrop(confine(size, { ...crop, ...changes }))
  const move = (right: number, down: number) => onCrop(movePicture(size, crop, right, down))
  const most = maxZoom(size)
  // Each step of the slider is as much of a zoom as the one before.
  const zoomPosition = most > 1 ? Math.log(crop.zoom) / Math.log(most) : 0
  return (
    <div class="crop-controls">
      <Row>
        <IconButton
          icon="minus"
          label={messages.zoomOut}
          onPress={() => change({ zoom: crop.zoom / ZOOM_STEP })}
        />
        <Slider
          label={messages.zoom}
          value={zoomPosition * 100}
          shown={messages.percent(Math.round(crop.zoom * 100))}
          min={0}
          max={100}
          disabled={most === 1}
          onValue={(value) => change({ zoom: most ** (value / 100) })}
        />
        <IconButton
          icon="plus"
          label={messages.zoomIn}
          onPress={() => change({ zoom: crop.zoom * ZOOM_STEP })}
        />
      </Row>
      <Row>
        <IconButton
          icon="turn-left"
          label={messages.turnLeft}
          onPress={() => change({ turns: crop.turns - 1 })}
        />
        <Slider
          label={messages.straighten}
          value={crop.tilt}
          shown={messages.degrees(crop.tilt)}
          min={-MAX_TILT}
          max={MAX_TILT}
          onValue={(tilt) => change({ tilt })}
        />
        <IconButton
          icon="turn-right"
          label={messages.turnRight}
          onPress={() => change({ turns: crop.turns + 1 })}
        />
      </Row>
      <Row>
        <IconButton icon="left" label={messages.moveLeft} onPress={() => move(-STEP, 0)} />
        <IconButton icon="up" label={messages.moveUp} onPress={() => move(0, -STEP)} />
        <IconButton icon="down" label={messages.moveDown} onPress={() => move(0, STEP)} />
        <IconButton icon="right" label={messages.moveRight} onPress={() => move(STEP, 0)} />
        <button type="button" class="crop-reset outline secondary" onClick={() => onCrop(wholeCrop(size))}>
          {messages.reset}
        </button>
      </Row>
    </div>
  )
}

const Row = ({ children }: { children: ComponentChildren }) => <div class="crop-row">{children}</div>

interface IconButtonProps {
  icon: IconName
  label: string
  onPress(): void
}

const IconButton = ({ icon, label, onPress }: IconButtonProps) => (
  <button
    type="button"
    class="crop-icon outline secondary"
    aria-label={label}
    title={label}
    onClick={onPress}
  >
    <Icon name={icon} />
  </button>
)

interface SliderProps {
  label: string
  value: number
  /** The value as people read it. */
  shown: string
  min: number
  max: number
  disabled?: boolean
  onValue(value: number): void
}

const Slider = ({ label, value, shown, onValue, ...attributes }: SliderProps) => (
  <label class="crop-slider">
    <span>
      {label} <output aria-hidden="true">{shown}</output>
    </span>
    <input
      {...attributes}
      type="range"
      step="1"
      aria-label={label}
      value={Math.round(value)}
      aria-valuetext={shown}
      onInput={(event) => onValue(event.currentTarget.valueAsNumber)}
    />
  </label>
)
