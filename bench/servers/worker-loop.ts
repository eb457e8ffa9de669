// A bare loop over the work of one kind, on the servers' core, without any server: `worker-loop.ts avatar <file>` or
// `worker-loop.ts argon2`. For each line on standard input, a number of seconds, it prints how many a second it did.
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import { verify } from '@node-rs/argon2'
import { createBoundedQueue } from '../../src/bounded-queue.ts'
import { DEFAULTS } from '../../src/defaults.ts'
import { createPasswordHasher } from '../../src/passwords/password-hasher.ts'
import { prepareAvatar } from '../../src/pictures/prepare-avatar.ts'

const PASSWORD = 'correct horse 42'

const [kind, file = ''] = process.argv.slice(2)

async function makeWork(): Promise<() => Promise<unknown>> {
  if (kind === 'avatar') {
    const limits = {
      maxPixels: DEFAULTS.avatarMaxPixels,
      maxFrames: DEFAULTS.avatarMaxFrames,
      maxAnimationPixels: DEFAULTS.avatarAnimationMaxPixels,
      maxSide: DEFAULTS.avatarMaxSide
    }
    const bytes = readFileSync(file)
    return () => prepareAvatar(bytes, limits)
  }
  const hasher = createPasswordHasher(createBoundedQueue({ concurrency: 1, maxWaiting: 0 }))
  // Django's prefix is not argon2's.
  const encoded = (await hasher.hash(PASSWORD)).replace(/^argon2/, '')
  return () => verify(encoded, PASSWORD)
}

async function countFor(seconds: number, work: () => Promise<unknown>): Promise<number> {
  const until = performance.now() + seconds * 1000
  const started = performance.now()
  let done = 0
  const worker = async () => {
    while (performance.now() < until) {
      await work()
      done++
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  return done / ((performance.now() - started) / 1000)
}

const work = await makeWork()
for await (const line of createInterface(process.stdin)) {
  process.stdout.write(`${await countFor(Number(line), work)}\n`)
}
