import { type Crop, confine, movePicture, type Size } from './crop.ts'

/** Parts of the square's side, by an arrow, and by one with Shift. */
export const STEP = 0.02
const LARGE_STEP = 0.1

/** By + or −. */
export const ZOOM_STEP = 1.1

const DIRECTIONS: Record<string, [right: number, down: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1]
}

interface Key extends Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'> {}

/** What a key makes of a crop: arrows move the picture, + and − zoom. Undefined for the others. */
export function cropAfterKey(
  { key, shiftKey, ctrlKey, altKey, metaKey }: Key,
  size: Size,
  crop: Crop
): Crop | undefined {
  if (ctrlKey || altKey || metaKey) return undefined
  const [right, down] = DIRECTIONS[key] ?? [0, 0]
  const step = shiftKey ? LARGE_STEP : STEP
  if (right || down) return movePicture(size, crop, right * step, down * step)
  if (key === '+' || key === '=') return confine(size, { ...crop, zoom: crop.zoom * ZOOM_STEP })
  if (key === '-' || key === '_') return confine(size, { ...crop, zoom: crop.zoom / ZOOM_STEP })
  return undefined
}
