import fc from 'fast-check'
import t from 'tap'
import {
  angleOf,
  type Crop,
  confine,
  cropOfMatrix,
  matrixOf,
  maxZoom,
  movePicture,
  type Size,
  sideOf,
  wholeCrop
} from '../../../../pages/account/avatar/crop/crop.ts'

const sizes = fc.record({
  width: fc.integer({ min: 1, max: 9000 }),
  height: fc.integer({ min: 1, max: 9000 })
})

/** Any crop, also of what no picture has. */
const wanted = fc.record({
  x: fc.double({ min: -20_000, max: 20_000, noNaN: true }),
  y: fc.double({ min: -20_000, max: 20_000, noNaN: true }),
  zoom: fc.double({ min: 0, max: 100, noNaN: true }),
  turns: fc.integer({ min: -9, max: 9 }),
  tilt: fc.integer({ min: -60, max: 60 })
})

/** The square's corners, in the picture's pixels. */
function corners(size: Size, crop: Crop): { x: number; y: number }[] {
  const half = sideOf(size, crop) / 2
  const cos = Math.cos(angleOf(crop))
  const sin = Math.sin(angleOf(crop))
  return [
    [-half, -half],
    [half, -half],
    [half, half],
    [-half, half]
  ].map(([right = 0, down = 0]) => ({
    x: crop.x + right * cos + down * sin,
    y: crop.y + down * cos - right * sin
  }))
}

const near = (one: number, other: number, within: number) => Math.abs(one - other) <= within

t.test('whatever is wanted, the square lies within the picture', async () => {
  fc.assert(
    fc.property(sizes, wanted, (size, crop) =>
      corners(size, confine(size, crop)).every(
        ({ x, y }) => x > -1e-6 && y > -1e-6 && x < size.width + 1e-6 && y < size.height + 1e-6
      )
    )
  )
})

t.test('a crop that lies within the picture stays as it is', async () => {
  fc.assert(
    fc.property(sizes, wanted, (size, crop) => {
      const once = confine(size, crop)
      const twice = confine(size, once)
      return near(once.x, twice.x, 1e-6) && near(once.y, twice.y, 1e-6) && once.zoom === twice.zoom
    })
  )
})

t.test('what is shown by a matrix is read back from it', async () => {
  fc.assert(
    fc.property(sizes, wanted, fc.integer({ min: 100, max: 800 }), (size, any, shownSide) => {
      const crop = confine(size, any)
      const read = cropOfMatrix(size, crop, shownSide, matrixOf(size, crop, shownSide))
      return near(read.x, crop.x, 1e-3) && near(read.y, crop.y, 1e-3) && near(read.zoom, crop.zoom, 1e-6)
    })
  )
})

t.test('the matrix puts the corners of the square into those of the place', async () => {
  fc.assert(
    fc.property(sizes, wanted, (size, any) => {
      const crop = confine(size, any)
      const [a, b, c, d, e, f] = matrixOf(size, crop, 300)
      const shown = corners(size, crop).map(({ x, y }) => {
        const right = x - size.width / 2
        const down = y - size.height / 2
        return { x: size.width / 2 + a * right + c * down + e, y: size.height / 2 + b * right + d * down + f }
      })
      const places = [
        [0, 0],
        [300, 0],
        [300, 300],
        [0, 300]
      ]
      return shown.every(({ x, y }, at) => {
        const [right = NaN, down = NaN] = places[at] ?? []
        return near(x, right, 1e-3) && near(y, down, 1e-3)
      })
    })
  )
})

t.test('a picture goes where it is moved to, as it is seen, whatever it is turned by', async (t) => {
  const size = { width: 1000, height: 1000 }
  for (const turns of [0, 1, 2, 3]) {
    const crop = confine(size, { ...wholeCrop(size), zoom: 4, turns })
    const moved = movePicture(size, crop, 0.2, 0.1)
    const [, , , , right, down] = matrixOf(size, crop, 300)
    const [, , , , movedRight, movedDown] = matrixOf(size, moved, 300)
    t.ok(near(movedRight - right, 60, 1e-6), `${turns} turns: ${movedRight - right} to the right`)
    t.ok(near(movedDown - down, 30, 1e-6), `${turns} turns: ${movedDown - down} down`)
  }
})

t.test('a tiny picture is not zoomed', async (t) => {
  t.equal(maxZoom({ width: 30, height: 500 }), 1)
  t.equal(maxZoom({ width: 96, height: 500 }), 2)
  t.equal(maxZoom({ width: 9000, height: 9000 }), 10)
})
