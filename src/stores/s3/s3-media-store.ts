import { randomBytes } from 'node:crypto'
import { variantNames } from '../../avatars/media-names.ts'
import type { MediaKey, MediaStore, OpenedFile, OpenOptions } from '../../avatars/media-store.ts'
import { systemClock } from '../../clock.ts'
import { ServiceError } from '../../errors.ts'
import { mediaType } from '../../pictures/media-type.ts'
import type { S3Options } from '../../store-settings.ts'
import { type Bucket, openBucket } from './bucket.ts'
import { listObjects } from './list-objects.ts'
import { createLocator } from './locate-object.ts'
import { FOLDER, isObjectName, objectName } from './object-names.ts'
import { createOpener, readWhole } from './open-object.ts'
import { refusalOf, S3Failure, wasNeverSent } from './s3-errors.ts'

export interface S3MediaStore extends MediaStore {
  putUnder(key: MediaKey, bytes: Uint8Array): Promise<void>
  open(key: MediaKey, options?: OpenOptions): Promise<OpenedFile | undefined>
  check(): Promise<void>
  close(): Promise<void>
}

/** What asks whether the store is there is answered soon, or not. */
const CHECK_DEADLINE_MS = 2000

/**
 * `MediaStore` in a bucket of S3 or of a server that is compatible. A picture is one object, there whole or not at all, and
 * kept once the server says so.
 * @throws {StoreRefused} where the bucket can't be used as it was set. One that is only away is opened: `check` tells
 */
export async function createS3MediaStore(options: S3Options): Promise<S3MediaStore> {
  const { prefix = '' } = options
  const bucket = await openBucket(options)
  const { sdk, client, Bucket, send, find } = bucket
  const leftOver = new Set<Promise<void>>()
  await refuseUnusable(bucket, prefix)

  async function place(key: MediaKey, bytes: Uint8Array): Promise<void> {
    const type = mediaType(bytes)
    const command = new sdk.PutObjectCommand({
      Bucket,
      Key: objectName(prefix, key),
      Body: bytes,
      ContentLength: bytes.length,
      ContentType: type ?? 'application/octet-stream',
      CacheControl: 'public, max-age=31536000, immutable',
      ...(type === undefined && { ContentDisposition: 'attachment' })
    })
    await send('PutObject', (abort) => client.send(command, abort))
  }

  async function remove(key: MediaKey): Promise<void> {
    const command = new sdk.DeleteObjectCommand({ Bucket, Key: objectName(prefix, key) })
    await find('DeleteObject', (abort) => client.send(command, abort))
  }

  /** Of a picture whose key nobody will ever hear of; where it fails, the sweep takes it. */
  function discard(key: MediaKey): void {
    const removal = remove(key).catch(() => {})
    leftOver.add(removal)
    void removal.then(() => leftOver.delete(removal))
  }

  const store: S3MediaStore = {
    async put({ bytes, format }) {
      const key = `${randomBytes(16).toString('hex')}.${format}` as MediaKey
      try {
        await place(key, bytes)
      } catch (error) {
        // Its answer may have been lost, and not the picture.
        if (!isUnsent(error)) discard(key)
        throw error
      }
      return key
    },

    putVariant: place,
    putUnder: place,

    async read(key) {
      const command = new sdk.GetObjectCommand({
        Bucket,
        Key: objectName(prefix, key),
        ChecksumMode: 'ENABLED'
      })
      return find('GetObject', async (abort) => {
        const { Body, ContentLength } = await client.send(command, abort)
        return readWhole(Body as Parameters<typeof readWhole>[0], ContentLength ?? Number.POSITIVE_INFINITY)
      })
    },

    open: createOpener(bucket, prefix),

    async has(key) {
      if (!isObjectName(key)) return false
      const command = new sdk.HeadObjectCommand({ Bucket, Key: objectName(prefix, key) })
      return (await find('HeadObject', (abort) => client.send(command, abort))) !== undefined
    },

    async delete(key) {
      // The picture first: who is just making a variant of it looks for it again afterwards.
      await remove(key)
      await Promise.all(variantNames(key).map(remove))
    },

    list: () => listObjects(bucket, prefix),

    async check() {
      const command = new sdk.HeadBucketCommand({ Bucket })
      await send('HeadBucket', (abort) => client.send(command, abort), { deadlineMs: CHECK_DEADLINE_MS })
    },

    async close() {
      await Promise.all(leftOver)
      client.destroy()
    }
  }
  const locate = await createLocator(bucket, { ...options, prefix }, systemClock)
  return locate ? { ...store, locate } : store
}

const isUnsent = (error: unknown) =>
  error instanceof ServiceError && error.cause instanceof S3Failure && wasNeverSent(error.cause)

/** By what the sweep does too; of an answer to HEAD nobody learns why. @throws {StoreRefused} */
async function refuseUnusable({ sdk, client, Bucket, send }: Bucket, prefix: string): Promise<void> {
  const command = new sdk.ListObjectsV2Command({ Bucket, Prefix: prefix + FOLDER, MaxKeys: 1 })
  try {
    await send('ListObjectsV2', (abort) => client.send(command, abort))
  } catch (error) {
    if (!(error instanceof ServiceError) || !(error.cause instanceof S3Failure)) throw error
    const refusal = refusalOf(error.cause, Bucket)
    if (refusal) throw refusal
  }
}
