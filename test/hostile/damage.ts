import type { Random } from './seeded.ts'

/** Beginnings of a file at every twentieth of its length. */
export const cutOff = (bytes: Buffer): [percent: number, bytes: Buffer][] =>
  Array.from({ length: 19 }, (_, index) => {
    const percent = 5 * (index + 1)
    return [percent, bytes.subarray(0, Math.floor((bytes.length * percent) / 100))]
  })

type Damage = (bytes: Buffer, random: Random) => Buffer

const MAX_RUN_BYTES = 64

function run(bytes: Buffer, random: Random): [start: number, end: number] {
  const start = random.below(bytes.length)
  return [start, Math.min(bytes.length, start + 1 + random.below(MAX_RUN_BYTES))]
}

const changed = (bytes: Buffer, random: Random, change: (byte: number) => number) => {
  const copy = Buffer.from(bytes)
  for (let left = 1 + random.below(8); left > 0; left--) {
    const at = random.below(copy.length)
    copy[at] = change(copy[at] ?? 0)
  }
  return copy
}

const DAMAGES: [Damage, ...Damage[]] = [
  (bytes, random) => changed(bytes, random, (byte) => byte ^ (1 << random.below(8))),
  (bytes, random) => changed(bytes, random, () => random.below(256)),
  (bytes, random) => changed(bytes, random, () => random.pick([0, 1, 0x7f, 0x80, 0xff])),
  // Headers are short, and most of what can be done to a decoder is done there.
  (bytes, random) => {
    const copy = Buffer.from(bytes)
    copy[random.below(Math.min(copy.length, 200))] = random.below(256)
    return copy
  },
  (bytes, random) => {
    const [start, end] = run(bytes, random)
    return Buffer.concat([bytes.subarray(0, start), random.bytes(end - start), bytes.subarray(start)])
  },
  (bytes, random) => {
    const [start, end] = run(bytes, random)
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])
  },
  (bytes, random) => {
    const [start, end] = run(bytes, random)
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)])
  },
  (bytes, random) => {
    const [start, end] = run(bytes, random)
    return Buffer.from(bytes).fill(random.pick([0, 0xff]), start, end)
  }
]

/** The file with one thing done to it that disks, networks or attackers do. */
export const damaged: Damage = (bytes, random) => random.pick(DAMAGES)(bytes, random)
