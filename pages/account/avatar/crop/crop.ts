/** Of a picture, in its own pixels. */
export interface Size {
  width: number
  height: number
}

/** What of a picture is kept: a square that the picture fills, whatever it is turned by. */
export interface Crop {
  /** The square's middle, in the picture's pixels from its top left corner. */
  x: number
  y: number
  /** How many times smaller the square is than the largest that fits at this angle. */
  zoom: number
  /** Quarter turns of the picture, clockwise: 0 to 3. */
  turns: number
  /** Degrees besides, clockwise: −45 to 45. */
  tilt: number
}

/** As an element of `cropperjs` and a canvas have it: a, b, c, d, e, f. */
export type Matrix = [number, number, number, number, number, number]

export const MAX_TILT = 45

const MOST_ZOOM = 10

/** The smallest square, in the picture's pixels: less would be a few coloured tiles. */
const MIN_SIDE = 48

/** What is left off at the edge of a tilted picture, where pixels are half transparent. */
const EDGE = 0.998

const clamp = (value: number, min: number, max: number) => Math.min(Math.max(value, min), max)

export const angleOf = ({ turns, tilt }: Crop) => ((turns * 90 + tilt) * Math.PI) / 180

/** How far the corners of a turned square reach, in halves of its side. */
function reachOf(crop: Crop): number {
  const angle = angleOf(crop)
  return Math.abs(Math.cos(angle)) + Math.abs(Math.sin(angle))
}

/** The square's side, in the picture's pixels. */
export const sideOf = ({ width, height }: Size, crop: Crop) =>
  ((Math.min(width, height) / reachOf(crop)) * (crop.tilt === 0 ? 1 : EDGE)) / crop.zoom

export const maxZoom = ({ width, height }: Size) => clamp(Math.min(width, height) / MIN_SIDE, 1, MOST_ZOOM)

/** The largest square of the middle. */
export const wholeCrop = ({ width, height }: Size): Crop => ({
  x: width / 2,
  y: height / 2,
  zoom: 1,
  turns: 0,
  tilt: 0
})

/** The nearest crop that lies within the picture. */
export function confine(size: Size, wanted: Crop): Crop {
  const crop = {
    ...wanted,
    zoom: clamp(wanted.zoom, 1, maxZoom(size)),
    turns: ((wanted.turns % 4) + 4) % 4,
    tilt: clamp(wanted.tilt, -MAX_TILT, MAX_TILT)
  }
  const reach = (sideOf(size, crop) / 2) * reachOf(crop)
  return {
    ...crop,
    x: clamp(crop.x, reach, size.width - reach),
    y: clamp(crop.y, reach, size.height - reach)
  }
}

/** After the picture was moved below the square. @param right and down are parts of the square's side, as it is seen */
export function movePicture(size: Size, crop: Crop, right: number, down: number): Crop {
  const side = sideOf(size, crop)
  const cos = Math.cos(angleOf(crop))
  const sin = Math.sin(angleOf(crop))
  return confine(size, {
    ...crop,
    x: crop.x - (right * cos + down * sin) * side,
    y: crop.y - (down * cos - right * sin) * side
  })
}

/** Puts the picture, which turns around its own middle, below a square of so many pixels. */
export function matrixOf(size: Size, crop: Crop, shownSide: number): Matrix {
  const scale = shownSide / sideOf(size, crop)
  const cos = Math.cos(angleOf(crop)) * scale
  const sin = Math.sin(angleOf(crop)) * scale
  const x = size.width / 2 - crop.x
  const y = size.height / 2 - crop.y
  return [
    cos,
    sin,
    -sin,
    cos,
    (shownSide - size.width) / 2 + cos * x - sin * y,
    (shownSide - size.height) / 2 + sin * x + cos * y
  ]
}

/** The crop that a matrix asks for, which turns the picture no further. */
export function cropOfMatrix(size: Size, crop: Crop, shownSide: number, matrix: Matrix): Crop {
  const [cos, sin, , , right, down] = matrix
  const scale = Math.hypot(cos, sin)
  const x = (shownSide - size.width) / 2 - right
  const y = (shownSide - size.height) / 2 - down
  return confine(size, {
    ...crop,
    zoom: (crop.zoom * sideOf(size, crop) * scale) / shownSide,
    x: size.width / 2 + (cos * x + sin * y) / scale ** 2,
    y: size.height / 2 + (cos * y - sin * x) / scale ** 2
  })
}
