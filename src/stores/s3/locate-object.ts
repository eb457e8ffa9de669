import type { GetObjectCommandInput } from '@aws-sdk/client-s3'
import type { FileLocation, LocateOptions, MediaKey } from '../../avatars/media-store.ts'
import type { Clock } from '../../clock.ts'
import { errorCode } from '../../error-code.ts'
import { StoreRefused } from '../../store-refused.ts'
import type { S3Delivery, S3Options } from '../../store-settings.ts'
import { type Bucket, clientConfig } from './bucket.ts'
import { FOLDER, objectName } from './object-names.ts'

/** How long a client may keep where a picture is; keys are never given to others, but a base may move. */
const PUBLIC_MAX_AGE_SECONDS = 300

type Locate = (key: MediaKey, file: LocateOptions) => Promise<FileLocation | undefined>

/** Says where clients fetch pictures without the service, where the delivery is such. */
export async function createLocator(
  bucket: Bucket,
  options: S3Options & { prefix: string },
  clock: Clock
): Promise<Locate | undefined> {
  const delivery = options.delivery ?? { kind: 'proxy' }
  if (delivery.kind === 'public') return publicLocator(delivery.url)
  return delivery.kind === 'presigned' ? presigner(bucket, options, delivery, clock) : undefined
}

function publicLocator(url: string): Locate {
  const base = `${url.replace(/\/$/, '')}/${FOLDER}`
  return async (key, { type, storedType }) =>
    // What the bucket would send under another type is better sent by us.
    type !== undefined && type === storedType
      ? { url: base + encodeURIComponent(key), maxAgeSeconds: PUBLIC_MAX_AGE_SECONDS }
      : undefined
}

/**
 * URLs that are the same for half of their lifetime, so that a browser finds the picture in its cache again, and good for
 * the other half at least.
 */
async function presigner(
  { sdk, client, Bucket }: Bucket,
  options: S3Options & { prefix: string },
  { lifetimeSeconds, endpoint }: Extract<S3Delivery, { kind: 'presigned' }>,
  clock: Clock
): Promise<Locate> {
  const { getSignedUrl } = await loadPresigner()
  // It sends nothing: it signs for the server’s name as clients know it.
  const signing =
    endpoint === undefined
      ? client
      : new sdk.S3Client({
          ...clientConfig({ ...options, endpoint }),
          credentials: client.config.credentials
        })
  const windowMs = (lifetimeSeconds * 1000) / 2
  return async (key, { type }) => {
    const input: GetObjectCommandInput = {
      Bucket,
      Key: objectName(options.prefix, key),
      ResponseContentType: type ?? 'application/octet-stream',
      ResponseCacheControl: 'public, max-age=31536000, immutable',
      ...(type === undefined && { ResponseContentDisposition: 'attachment' })
    }
    const url = await getSignedUrl(signing, new sdk.GetObjectCommand(input), {
      expiresIn: lifetimeSeconds,
      signingDate: new Date(Math.floor(clock.now() / windowMs) * windowMs)
    })
    return { url, maxAgeSeconds: Math.floor(lifetimeSeconds / 4) }
  }
}

async function loadPresigner() {
  try {
    return await import('@aws-sdk/s3-request-presigner')
  } catch (error) {
    if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new StoreRefused(
      'MEDIA_STORE',
      'MEDIA_DELIVERY=presigned needs the package @aws-sdk/s3-request-presigner; npm install it',
      { cause: error }
    )
  }
}
