import fp from 'fastify-plugin'
import { sweepMedia } from '../src/avatars/sweep.ts'
import type { Clock } from '../src/clock.ts'
import { everyHour } from './every-hour.ts'
import type { OpenStores } from './stores.ts'

export interface HousekeepingOptions extends OpenStores {
  /** Age from which a picture that no user refers to is deleted, in milliseconds. */
  graceMs: number
  clock: Clock
}

const PURGE_BATCH = 500

/** Removes stray pictures and expired sessions. */
export default fp<HousekeepingOptions>(
  async (app, { users, sessions, media, graceMs, clock }) => {
    everyHour(app, 'removing stray pictures', async (signal) => {
      const deleted = await sweepMedia({ media, users, graceMs, clock, signal })
      if (deleted > 0) app.log.info({ deleted }, 'removed pictures that no user refers to')
    })
    everyHour(app, 'removing expired sessions', async (signal) => {
      let purged = PURGE_BATCH
      while (purged === PURGE_BATCH && !signal.aborted)
        purged = await sessions.purgeExpired(clock.now(), PURGE_BATCH)
    })
  },
  { name: 'user-profile-housekeeping', fastify: '5.x' }
)
