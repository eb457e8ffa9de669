import type { Readable } from 'node:stream'
import type { MediaKey, OpenedFile, OpenOptions } from '../../avatars/media-store.ts'
import { errors } from '../../errors.ts'
import { type Bucket, MAX_SOCKETS } from './bucket.ts'
import { objectName } from './object-names.ts'
import { isBeyondEnd, S3Failure } from './s3-errors.ts'

/** Up to here an object is read at once: its connection is free again, and its checksum judged before a byte is sent on. */
const WHOLE_BYTES = 262_144

/** Larger ones that are sent on as they come, each with a connection of its own for as long as its client takes. */
const MAX_STREAMS = MAX_SOCKETS / 2

/** The body of an answer, as the SDK has it. */
type Body = Readable & { transformToByteArray(): Promise<Uint8Array> }

/** Opens objects to send them on. */
export function createOpener(bucket: Bucket, prefix: string) {
  const { sdk, client, Bucket, find } = bucket
  let streams = 0

  async function get(key: MediaKey, part: OpenOptions['part'], abort: { abortSignal: AbortSignal }) {
    const command = new sdk.GetObjectCommand({
      Bucket,
      Key: objectName(prefix, key),
      ...(part ? { Range: `bytes=${part.start}-${part.end}` } : { ChecksumMode: 'ENABLED' as const })
    })
    try {
      const answer = await client.send(command, abort)
      const body = answer.Body as Body
      const length = answer.ContentLength ?? Number.POSITIVE_INFINITY
      return { answer, body: length <= WHOLE_BYTES ? await readWhole(body, length) : body }
    } catch (error) {
      // An empty object has no part.
      if (part?.start === 0 && isBeyondEnd(error)) return get(key, undefined, abort)
      throw error
    }
  }

  /** Small ones whole, larger ones as streams, of which there are so many at most. */
  async function open(key: MediaKey, { part, signal }: OpenOptions = {}): Promise<OpenedFile | undefined> {
    const found = await find('GetObject', (abort) => get(key, part, abort), { signal })
    if (!found) return undefined
    const { answer, body } = found
    const bytes = Number(/\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1] ?? answer.ContentLength)
    if (!Buffer.isBuffer(body)) hold(body)
    return {
      bytes,
      etag: answer.ETag ?? '',
      type: answer.ContentType,
      modifiedAt: answer.LastModified?.getTime() ?? 0,
      body
    }
  }

  function hold(body: Readable): void {
    if (streams >= MAX_STREAMS) {
      body.on('error', () => {}).destroy()
      throw errors.unavailable(new S3Failure('too many clients take long over large pictures', NOBODY))
    }
    streams++
    body.once('close', () => streams--)
  }

  return open
}

const NOBODY = { code: '', status: undefined, requestId: undefined, attempts: undefined }

/** @throws where fewer bytes came than were told, or others than were stored */
export async function readWhole(body: Body, length: number): Promise<Buffer> {
  const bytes = Buffer.from((await body.transformToByteArray()) as Uint8Array<ArrayBuffer>)
  if (Number.isFinite(length) && bytes.length !== length)
    throw new Error(`${bytes.length} bytes came of ${length}`)
  return bytes
}
