import { createBoundedQueue } from '../bounded-queue.ts'
import { DEFAULTS } from '../defaults.ts'
import type { Log } from '../log.ts'
import { aNumber, aPort, checkOptions } from '../options/check-options.ts'
import { createDecoders } from './decoders.ts'
import type { Picture } from './picture-format.ts'
import type { AvatarLimits } from './prepare-avatar.ts'

export interface AvatarPipelineOptions extends Partial<AvatarLimits> {
  /** Pictures decoded at once, each in a process of its own, at least 1. @default 2 */
  decoders?: number
  /** Pictures that may wait for that, at least 0. @default 256 */
  maxWaiting?: number
  /** Processor time that one picture may take, in milliseconds. @default 10000 */
  decodeTimeoutMs?: number
  /** Where refusals and broken decoders are told. @default nowhere */
  log?: Log
}

export interface AvatarPipeline {
  /**
   * Makes the picture to keep from what a stranger sent: judged by its bytes and a full decode, turned upright, fitted inside
   * the limits, in sRGB, without metadata; JPEG stays JPEG and PNG stays PNG, the rest becomes WebP.
   * @param source a file's path, or its bytes
   * @throws {InvalidPictureError} with a sentence for the sender
   * @throws `unavailable` (503) where too many wait already
   */
  prepare(source: string | Uint8Array): Promise<Picture>
  /** Cuts a square out of a picture that `prepare` made, as WebP. @param side in pixels @throws as `prepare` */
  square(bytes: Uint8Array, side: number): Promise<Buffer>
  /** Ends the processes; until then an idle one keeps no process running, and ends after a minute by itself. */
  close(): Promise<void>
}

const RULES = {
  decoders: aNumber('avatarDecoders'),
  maxWaiting: aNumber('avatarQueue'),
  decodeTimeoutMs: aNumber('avatarDecodeTimeoutMs'),
  maxPixels: aNumber('avatarMaxPixels'),
  maxFrames: aNumber('avatarMaxFrames'),
  maxAnimationPixels: aNumber('avatarAnimationMaxPixels'),
  maxSide: aNumber('avatarMaxSide'),
  log: aPort('info', 'warn', 'error')
}

const SILENT: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** The service's pipeline for avatars, on its own: pictures are decoded in processes that have nothing worth having. */
export function createAvatarPipeline(options: AvatarPipelineOptions = {}): AvatarPipeline {
  checkOptions(options, RULES)
  const {
    decoders: concurrency = DEFAULTS.avatarDecoders,
    maxWaiting = DEFAULTS.avatarQueue,
    decodeTimeoutMs = DEFAULTS.avatarDecodeTimeoutMs,
    log = SILENT,
    maxPixels = DEFAULTS.avatarMaxPixels,
    maxFrames = DEFAULTS.avatarMaxFrames,
    maxAnimationPixels = DEFAULTS.avatarAnimationMaxPixels,
    maxSide = DEFAULTS.avatarMaxSide
  } = options
  const queue = createBoundedQueue({ concurrency, maxWaiting })
  const decoders = createDecoders({ queue, maxCpuMs: decodeTimeoutMs, log })
  const limits = { maxPixels, maxFrames, maxAnimationPixels, maxSide }
  return {
    prepare: (source) => decoders.prepareAvatar(source, limits),
    async square(bytes, side) {
      const square = await decoders.prepareSquare(async () => bytes, side)
      if (!square) throw new TypeError('there are no bytes')
      return square
    },
    close: () => decoders.close()
  }
}
