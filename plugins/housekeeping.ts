import fp from 'fastify-plugin'
import { sweepMedia } from '../src/avatars/sweep.ts'
import type { Clock } from '../src/clock.ts'
import { everyHour } from './every-hour.ts'
import type { OpenStores } from './stores.ts'

export interface HousekeepingOptions extends OpenStores {
  /** Age from which a picture that no user refers to is deleted, in milliseconds. */
  graceMs: number
  /** Whether the hashes of emails are kept, so that missing ones are filled in. */
  hashEmails: boolean
  clock: Clock
}

const PURGE_BATCH = 500
const HASH_BATCH = 500

/** Removes stray pictures and expired sessions, and fills in missing hashes of emails. */
export default fp<HousekeepingOptions>(
  async (app, { users, sessions, media, graceMs, hashEmails, clock }) => {
    everyHour(app, 'removing stray pictures', async (signal) => {
      const deleted = await sweepMedia({ media, users, graceMs, clock, signal })
      if (deleted > 0) app.log.info({ deleted }, 'removed pictures that no user refers to')
    })
    everyHour(app, 'removing expired sessions', async (signal) => {
      let purged = PURGE_BATCH
      while (purged === PURGE_BATCH && !signal.aborted)
        purged = await sessions.purgeExpired(clock.now(), PURGE_BATCH)
    })
    if (!hashEmails) return
    everyHour(app, 'hashing emails', async (signal) => {
      let last = await users.hashEmails(undefined, HASH_BATCH)
      while (last !== undefined && !signal.aborted) last = await users.hashEmails(last, HASH_BATCH)
    })
  },
  { name: 'user-profile-housekeeping', fastify: '5.x' }
)
