import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { sweepMedia } from '../src/avatars/sweep.ts'
import type { Clock } from '../src/clock.ts'
import type { OpenStores } from './stores.ts'

export interface HousekeepingOptions extends OpenStores {
  /** Age from which a picture that no user refers to is deleted, in milliseconds. */
  graceMs: number
  clock: Clock
}

const HOUR_MS = 3_600_000
const PURGE_BATCH = 500

/** Removes stray pictures and expired sessions, once the app is ready and every hour. Failures are logged. */
export default fp<HousekeepingOptions>(
  async (app: FastifyInstance, { users, sessions, media, graceMs, clock }) => {
    let running: Promise<void> | undefined

    async function purgeSessions(): Promise<void> {
      while ((await sessions.purgeExpired(clock.now(), PURGE_BATCH)) === PURGE_BATCH);
    }

    async function tidy(): Promise<void> {
      const chores = [() => sweepMedia({ media, users, graceMs, clock, log: app.log }), purgeSessions]
      for (const chore of chores) {
        try {
          await chore()
        } catch (error) {
          app.log.error({ err: error }, 'housekeeping failed; it is tried again in an hour')
        }
      }
    }

    const start = () => {
      running = tidy()
    }
    const timer = setInterval(start, HOUR_MS).unref()
    app.addHook('onReady', async () => start())
    // Before the stores close: they were registered earlier, and hooks of closing run last to first.
    app.addHook('onClose', async () => {
      clearInterval(timer)
      await running
    })
  },
  { name: 'user-profile-housekeeping', fastify: '5.x' }
)
