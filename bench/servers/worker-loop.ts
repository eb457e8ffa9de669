// A bare loop over the work of one kind, on the servers' core, without any server: `worker-loop.ts avatar <file>` or
// `worker-loop.ts argon2`. For each line on standard input, a number of seconds, it prints how many a second it did.
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import { hash, verify } from '@node-rs/argon2'
import { prepareAvatar } from '../../src/avatars/prepare-avatar.ts'
import { DEFAULTS } from '../../src/defaults.ts'

const [kind, file = ''] = process.argv.slice(2)

async function makeWork(): Promise<() => Promise<unknown>> {
  if (kind === 'avatar') {
    const limits = { maxPixels: DEFAULTS.avatarMaxPixels, maxSide: DEFAULTS.avatarMaxSide }
    const bytes = readFileSync(file)
    return () => prepareAvatar(bytes, limits)
  }
  // The parameters of src/passwords/password-hasher.ts.
  const encoded = await hash('correct horse 42', {
    algorithm: 2,
    memoryCost: 19_456,
    timeCost: 2,
    parallelism: 1
  })
  return () => verify(encoded, 'correct horse 42')
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
