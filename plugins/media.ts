import type { FastifyInstance } from 'fastify'
import type { MediaStore } from '../src/avatars/media-store.ts'
import { createVariants } from '../src/avatars/variants.ts'
import { DEFAULTS } from '../src/defaults.ts'
import { aFolderPath, aNumber, aPort, checkOptions, givenOptions } from '../src/options/check-options.ts'
import { noTelemetry } from '../src/telemetry/telemetry.ts'
import serveMedia from './pictures/serve-media.ts'
import { openDecoders } from './user-profile/services.ts'

export interface MediaOptions {
  /** Where the pictures are. */
  media: MediaStore
  /** The path in front of pictures, with slashes at both ends; all below it is served here. @default '/media/' */
  mediaUrl?: string
  /** Squares that are cut at once, each in a process of its own, 1 to 256. @default 2 */
  avatarDecoders?: number
  /** Squares that may wait for that; past it the picture itself is shown. 0 to 100000. @default 256 */
  avatarQueue?: number
  /** Processor time that one square may take, in milliseconds, 1000 to 3600000. @default 10000 */
  avatarDecodeTimeoutMs?: number
}

const RULES = {
  media: aPort('read', 'has', 'putVariant', 'delete'),
  mediaUrl: aFolderPath,
  avatarDecoders: aNumber('avatarDecoders'),
  avatarQueue: aNumber('avatarQueue'),
  avatarDecodeTimeoutMs: aNumber('avatarDecodeTimeoutMs')
}

/** Serves the pictures of a store, and squares of them that are made when they are first asked for. */
export default async function media(app: FastifyInstance, options: MediaOptions): Promise<void> {
  checkOptions(options, RULES, ['media'])
  const { media: pictures, mediaUrl = DEFAULTS.mediaUrl } = options
  const decoders = openDecoders(app, app.log, {
    ...DEFAULTS,
    ...givenOptions(options),
    telemetry: noTelemetry
  })
  const variants = createVariants({ media: pictures, decoders, log: app.log })
  await app.register(serveMedia, { media: pictures, mediaUrl, variants })
}
