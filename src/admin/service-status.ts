import type { MediaStore } from '../avatars/media-store.ts'
import type { Clock } from '../clock.ts'
import { ServiceError } from '../errors.ts'
import { keptForAWhile } from '../kept-for-a-while.ts'
import type { Log } from '../log.ts'
import { createReadiness } from '../readiness.ts'
import type { AdminStore, StorageFigures } from './admin-store.ts'

export type Health = 'ok' | 'away'

export interface ServiceStatus {
  health: { database: Health; pictures: Health }
  /** Undefined where the database is away. */
  storage: (StorageFigures & { mediaFreeBytes: number | null }) | undefined
}

/** Counting takes a while where there is much, and is asked for by each page that is open. */
const FIGURES_MAX_AGE_MS = 60_000
/** Longer than that nobody looks at a page. */
const HEALTH_WITHIN_MS = 2000

/** How the stores are now, and what was in them a minute ago at most. */
export function createServiceStatus({
  admin,
  media,
  clock,
  log
}: {
  admin: AdminStore
  media: MediaStore
  clock: Clock
  log: Log
}): () => Promise<ServiceStatus> {
  const figures = keptForAWhile(() => admin.figures(), { maxAgeMs: FIGURES_MAX_AGE_MS, clock })
  const isDatabaseThere = createReadiness(() => admin.newest(undefined, 1), HEALTH_WITHIN_MS)
  const arePicturesThere = createReadiness(() => askPictures(media), HEALTH_WITHIN_MS)

  async function healthOf(store: string, ask: () => Promise<true>): Promise<Health> {
    try {
      await ask()
      return 'ok'
    } catch (error) {
      log.warn({ err: error, store }, 'a store is away')
      return 'away'
    }
  }

  /** Undefined where they can't be had now. */
  async function storage(): Promise<ServiceStatus['storage']> {
    try {
      const [counted, mediaFreeBytes] = await Promise.all([figures(), freeBytes(media)])
      return { ...counted, mediaFreeBytes }
    } catch (error) {
      if (error instanceof ServiceError && error.status >= 500) return undefined
      throw error
    }
  }

  return async () => {
    const [database, pictures, counted] = await Promise.all([
      healthOf('database', isDatabaseThere),
      healthOf('pictures', arePicturesThere),
      storage()
    ])
    return { health: { database, pictures }, storage: counted }
  }
}

/** Throws where pictures can't be reached. */
async function askPictures(media: MediaStore): Promise<void> {
  if (media.check) return media.check()
  // Opening the listing is enough.
  for await (const _ of media.list()) break
}

/** Null where the store can't know, or doesn't answer. */
const freeBytes = async (media: MediaStore): Promise<number | null> =>
  (await media.freeBytes?.().catch(() => null)) ?? null
