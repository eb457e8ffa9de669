import * as crypto from 'node:crypto'
import * as timers from 'node:timers/promises'
import * as argon2 from '@node-rs/argon2'
import type { Test } from 'tap'
import { createHashTimes } from '../src/passwords/hash-times.ts'

/** What a hash costs: its kind and its numbers. */
export type Work = string

export interface SpiedHashes {
  /** The tools of `helper.ts`, over a service of its own whose hashes are watched. */
  buildTestApp: typeof import('./helper.ts')['buildTestApp']
  /** Every hash that was begun since it was last asked. */
  takeWork(): Work[]
  /** How long each failed sign-in that was not slow enough was told to wait, in milliseconds, since it was last asked. */
  takeWaits(): number[]
  /** As many as ran at once at most. */
  mostAtOnce(): number
  /** Lets none end until it is called back. */
  hold(): () => void
}

/** How long they take by the clock that they are measured by, in milliseconds. */
export const TIMES = { argon2: 30, pbkdf2: 1 }

/** The service with its hash functions watched: the real ones, each counted as it begins, on a clock that goes on by them only. */
export async function spyOnHashes(t: Test): Promise<SpiedHashes> {
  let work: Work[] = []
  let waits: number[] = []
  let [running, most] = [0, 0]
  let held: Promise<void> | undefined
  let clock = 0

  async function watched<T>(cost: Work, hash: () => Promise<T>): Promise<T> {
    work.push(cost)
    clock += TIMES.argon2
    running++
    most = Math.max(most, running)
    try {
      await held
      return await hash()
    } finally {
      running--
    }
  }

  const costOf = ({ algorithm, memoryCost, timeCost, parallelism }: argon2.Options = {}) =>
    `argon2 ${algorithm} ${memoryCost} ${timeCost} ${parallelism}`
  const pbkdf2: typeof crypto.pbkdf2 = (password, salt, iterations, bytes, digest, done) => {
    work.push(`pbkdf2 ${digest} ${iterations}`)
    clock += TIMES.pbkdf2
    crypto.pbkdf2(password, salt, iterations, bytes, digest, done)
  }
  const helper = await t.mockImport<typeof import('./helper.ts')>('./helper.ts', {
    '@node-rs/argon2': {
      ...argon2,
      hash: (password: string, options: argon2.Options) =>
        watched(costOf(options), () => argon2.hash(password, options)),
      hashRaw: (password: Buffer, options: argon2.Options) =>
        watched(costOf(options), () => argon2.hashRaw(password, options))
    },
    'node:crypto': { ...crypto, pbkdf2 },
    '../src/passwords/hash-times.ts': { createHashTimes: () => createHashTimes(() => clock) },
    'node:timers/promises': {
      ...timers,
      setTimeout: async (ms: number) => void waits.push(ms)
    }
  })
  return {
    buildTestApp: helper.buildTestApp,
    takeWork() {
      const taken = work
      work = []
      return taken
    },
    takeWaits() {
      const taken = waits
      waits = []
      return taken
    },
    mostAtOnce: () => most,
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return () => {
        held = undefined
        resolve()
      }
    }
  }
}
