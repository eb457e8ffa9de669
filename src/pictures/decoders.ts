import type { BoundedQueue } from '../bounded-queue.ts'
import { errors } from '../errors.ts'
import type { Log } from '../log.ts'
import { noTelemetry, type Telemetry } from '../telemetry/telemetry.ts'
import { type Decoder, DecoderEndedError, startDecoder } from './decoder.ts'
import type { DecoderAnswer, DecoderTask } from './decoder-messages.ts'
import { InvalidPictureError, invalidPicture } from './invalid-picture.ts'
import { isPictureFormat, type Picture } from './picture-format.ts'
import type { AvatarLimits } from './prepare-avatar.ts'

export interface Decoders {
  /**
   * `prepareAvatar` of a file, by its path or its bytes.
   * @throws {InvalidPictureError} also where decoding takes too long, or the picture breaks the decoder
   * @throws `unavailable` (503) where too many wait already, or no decoder can work
   */
  prepareAvatar(source: string | Uint8Array, limits: AvatarLimits): Promise<Picture>
  /**
   * `prepareSquare` of a stored picture.
   * @param load reads its bytes, when its turn comes: those that wait are not in memory. Undefined where it is gone
   * @throws as `prepareAvatar`
   */
  prepareSquare(load: () => Promise<Uint8Array | undefined>, side: number): Promise<Buffer | undefined>
  /** Ends all decoders. */
  close(): Promise<void>
}

export interface DecodersOptions {
  /** Its concurrency is how many decoders there are at most. */
  queue: BoundedQueue
  /** Processor time that the decoding of one picture may take, in milliseconds. */
  maxCpuMs: number
  log: Log
  /** Told of what was decoded. @default nobody */
  telemetry?: Pick<Telemetry, 'decoded'>
  /** How long a decoder is kept without work, in milliseconds. @default 60000 */
  idleMs?: number
}

/** Faults in native code, which a picture can cause. Any other end (out of memory, an operator) is not the picture's. */
const BROKEN_BY_PICTURE = new Set(['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGFPE', 'SIGILL', 'SIGTRAP'])

/** A decoder that keeps more than this after its work is replaced. */
const MAX_KEPT_BYTES = 268_435_456

/** Decoders in processes of their own: started when they are needed, used again, ended after a while without work. */
export function createDecoders(options: DecodersOptions): Decoders {
  const { queue, maxCpuMs, log, telemetry = noTelemetry, idleMs = 60_000 } = options
  const decoders = new Set<Decoder>()
  const idle: { decoder: Decoder; timer: NodeJS.Timeout }[] = []
  let closed = false

  /** The one that worked last, so that others than are needed end. */
  function take(): Decoder {
    const kept = idle.pop()
    if (!kept) return start()
    clearTimeout(kept.timer)
    if (kept.decoder.alive) return kept.decoder
    decoders.delete(kept.decoder)
    return take()
  }

  function start(): Decoder {
    const decoder = startDecoder()
    decoders.add(decoder)
    return decoder
  }

  /** Of one that is not kept the memory is free before the next is started. */
  async function giveBack(
    decoder: Decoder,
    { memoryBytes = Number.POSITIVE_INFINITY }: Partial<DecoderAnswer>
  ): Promise<void> {
    if (!decoder.alive || memoryBytes > MAX_KEPT_BYTES) await end(decoder)
    else idle.push({ decoder, timer: setTimeout(endIdle, idleMs, decoder).unref() })
  }

  async function end(decoder: Decoder): Promise<void> {
    decoders.delete(decoder)
    await decoder.end()
  }

  function endIdle(decoder: Decoder): void {
    idle.splice(
      idle.findIndex((one) => one.decoder === decoder),
      1
    )
    void end(decoder)
  }

  async function run(task: DecoderTask): Promise<DecoderAnswer> {
    const decoder = take()
    let answer: DecoderAnswer | undefined
    try {
      answer = await decoder.run(task, maxCpuMs)
      return answer
    } finally {
      await giveBack(decoder, answer ?? {})
    }
  }

  async function decode(task: DecoderTask): Promise<Picture> {
    const since = performance.now()
    const seconds = () => (performance.now() - since) / 1000
    try {
      const picture = await judge(task)
      telemetry.decoded('ok', seconds())
      return picture
    } catch (error) {
      telemetry.decoded(error instanceof InvalidPictureError ? 'refused' : 'unavailable', seconds())
      throw error
    }
  }

  /** The picture, or what its sender is told. */
  async function judge(task: DecoderTask): Promise<Picture> {
    if (closed) throw errors.unavailable()
    const { picture, tooSlow, refusal, reason } = await run(task).catch((error: unknown) => {
      throw translate(error)
    })
    if (picture) return toPicture(picture)
    if (tooSlow) throw invalidPicture.tooSlow(maxCpuMs / 1000)
    if (refusal === undefined) throw errors.unavailable(new Error(reason))
    if (reason !== undefined) log.info({ reason }, 'a picture was refused')
    throw new InvalidPictureError(refusal)
  }

  function translate(error: unknown): unknown {
    if (!(error instanceof DecoderEndedError) || closed) return errors.unavailable(error)
    if (error.signal === null || !BROKEN_BY_PICTURE.has(error.signal)) return errors.unavailable(error)
    log.error({ err: error }, 'a picture broke its decoder')
    return invalidPicture.unreadable(error)
  }

  return {
    prepareAvatar: (source, limits) => queue.run(() => decode({ kind: 'avatar', source, limits })),
    prepareSquare: (load, side) =>
      queue.run(async () => {
        const bytes = await load()
        return bytes && (await decode({ kind: 'square', bytes, side })).bytes
      }),
    async close() {
      closed = true
      for (const { timer } of idle) clearTimeout(timer)
      await Promise.all([...decoders].map(end))
    }
  }
}

/** Buffers come out of a message as plain arrays of bytes. What a broken decoder might say becomes part of a file's name. */
function toPicture({ bytes, format }: Picture): Picture {
  if (!isPictureFormat(format))
    throw errors.unavailable(new Error('a decoder named a format that there is not'))
  return { bytes: Buffer.from(bytes), format }
}
