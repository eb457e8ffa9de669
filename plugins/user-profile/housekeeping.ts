import type { FastifyInstance } from 'fastify'
import type { MediaStore } from '../../src/avatars/media-store.ts'
import { sweepMedia } from '../../src/avatars/sweep.ts'
import type { Clock } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import type { SessionStore } from '../../src/tokens/session-store.ts'
import type { ProfileStore } from '../../src/users/user-store.ts'
import { everyHour } from './every-hour.ts'

export interface HousekeepingOptions {
  users: ProfileStore
  /** None where tokens are not kept here. */
  sessions: SessionStore | undefined
  media: MediaStore
  /** Age from which a picture that no user refers to is deleted, in milliseconds. */
  graceMs: number
  /** Whether the hashes of emails are kept, so that missing ones are filled in. */
  hashEmails: boolean
  clock: Clock
  log: Log
}

const PURGE_BATCH = 500
const HASH_BATCH = 500

/** Less than an hour: whoever had the last turn may be early by its clock. */
const TURN_MS = 3_300_000

/** Removes stray pictures and expired sessions, and fills in missing hashes of emails. */
export function keepHouse(
  app: FastifyInstance,
  { users, sessions, media, graceMs, hashEmails, clock, log }: HousekeepingOptions
): void {
  // Of nodes that share a database, one does it for all.
  const isOurTurn = async (task: string) => (await users.takeTurn?.(task, TURN_MS)) ?? true
  const everyHourOnce = (task: string, run: (signal: AbortSignal) => Promise<void>) =>
    everyHour(app, log, task, async (signal) => {
      if (await isOurTurn(task)) await run(signal)
    })
  everyHourOnce('removing stray pictures', async (signal) => {
    const deleted = await sweepMedia({ media, users, graceMs, clock, signal })
    if (deleted > 0) log.info({ deleted }, 'removed pictures that no user refers to')
  })
  if (sessions)
    everyHourOnce('removing expired sessions', async (signal) => {
      let purged = PURGE_BATCH
      while (purged === PURGE_BATCH && !signal.aborted)
        purged = await sessions.purgeExpired(clock.now(), PURGE_BATCH)
    })
  if (hashEmails) {
    let isStart = true
    everyHour(app, log, 'hashing emails', async (signal) => {
      // At its start each node looks by itself: who wrote emails before may have kept no hashes.
      if (!isStart && !(await isOurTurn('hashing emails'))) return
      let last = await users.hashEmails(undefined, HASH_BATCH)
      while (last !== undefined && !signal.aborted) last = await users.hashEmails(last, HASH_BATCH)
      isStart = false
    })
  }
}
