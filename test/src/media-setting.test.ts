import t from 'tap'
import { readSettings } from '../../src/config.ts'
import { ConfigError } from '../../src/config-error.ts'

const BUCKET = { MEDIA_STORE: 's3://bucket' }

t.test('a bucket is AWS’s unless it is said where else, and opened by what the SDK finds', async (t) => {
  const { mediaStore } = readSettings({ MEDIA_STORE: 's3://our.bucket/a/b.c/' }, t.testdir())
  t.strictSame(mediaStore, {
    kind: 's3',
    bucket: 'our.bucket',
    prefix: 'a/b.c/',
    pathStyle: false,
    checksums: 'when_supported',
    delivery: { kind: 'proxy' }
  })
})

t.test('another server, a key and a region are taken from the environment or from .env', async (t) => {
  const given = {
    S3_ENDPOINT: 'http://minio:9000/',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
    AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_REQUIRED'
  }
  const expected = {
    endpoint: 'http://minio:9000',
    pathStyle: true,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' },
    checksums: 'when_required'
  }
  t.match(readSettings({ ...BUCKET, ...given }, t.testdir()).mediaStore, expected)
  const lines = Object.entries({ ...BUCKET, ...given }).map(([name, value]) => `${name}=${value}`)
  const folder = t.testdir({ '.env': lines.join('\n') })
  t.match(readSettings({}, folder).mediaStore, expected)
  t.match(readSettings({ S3_PATH_STYLE: 'off' }, folder).mediaStore, { ...expected, pathStyle: false })
})

t.test('pictures are delivered through the service, or by one of two kinds of URL', async (t) => {
  const deliveryOf = (env: Record<string, string>) => {
    const { mediaStore } = readSettings({ ...BUCKET, ...env }, t.testdir())
    return mediaStore.kind === 's3' && mediaStore.delivery
  }
  t.strictSame(deliveryOf({ MEDIA_DELIVERY: 'proxy' }), { kind: 'proxy' })
  t.strictSame(deliveryOf({ MEDIA_DELIVERY: 'public', MEDIA_PUBLIC_URL: 'https://cdn.example.com/p/' }), {
    kind: 'public',
    url: 'https://cdn.example.com/p'
  })
  t.strictSame(deliveryOf({ MEDIA_DELIVERY: 'presigned' }), { kind: 'presigned', lifetimeSeconds: 3600 })
  const more = { MEDIA_LINK_LIFETIME: '60', S3_PUBLIC_ENDPOINT: 'https://s3.example.com' }
  t.strictSame(deliveryOf({ MEDIA_DELIVERY: 'presigned', ...more }), {
    kind: 'presigned',
    lifetimeSeconds: 60,
    endpoint: 'https://s3.example.com'
  })
})

t.test('what can’t be used fails by its setting’s name, and nobody’s password is shown', async (t) => {
  const wrong: [name: string, value: string, others?: Record<string, string>][] = [
    ['MEDIA_STORE', 's3://bucket/../other'],
    ['MEDIA_STORE', 's3://bucket/a/./b'],
    ['MEDIA_STORE', 's3://bucket/a//b'],
    ['MEDIA_STORE', `s3://bucket/${'a'.repeat(701)}`],
    ['MEDIA_STORE', 's3://id:hunter2@bucket/a'],
    ['S3_ENDPOINT', 'minio:9000'],
    ['S3_ENDPOINT', 'https://id:hunter2@minio:9000'],
    ['S3_ENDPOINT', 'ftp://minio'],
    ['S3_PATH_STYLE', 'yes'],
    ['AWS_ACCESS_KEY_ID', '', { AWS_SECRET_ACCESS_KEY: 'hunter2' }],
    ['AWS_SECRET_ACCESS_KEY', '', { AWS_ACCESS_KEY_ID: 'id' }],
    ['AWS_REQUEST_CHECKSUM_CALCULATION', 'never'],
    ['MEDIA_DELIVERY', 'direct'],
    ['MEDIA_PUBLIC_URL', '', { MEDIA_DELIVERY: 'public' }],
    ['MEDIA_PUBLIC_URL', 'cdn.example.com', { MEDIA_DELIVERY: 'public' }],
    ['MEDIA_PUBLIC_URL', 'https://cdn.example.com', { MEDIA_DELIVERY: 'presigned' }],
    ['MEDIA_PUBLIC_URL', 'https://cdn.example.com'],
    ['MEDIA_LINK_LIFETIME', '59', { MEDIA_DELIVERY: 'presigned' }],
    ['MEDIA_LINK_LIFETIME', '604801', { MEDIA_DELIVERY: 'presigned' }],
    ['MEDIA_LINK_LIFETIME', '60'],
    ['S3_PUBLIC_ENDPOINT', 'https://s3.example.com', { MEDIA_DELIVERY: 'proxy' }]
  ]
  for (const [name, value, others = {}] of wrong) {
    const error = (() => {
      try {
        return readSettings({ ...BUCKET, ...others, [name]: value }, t.testdir())
      } catch (error) {
        return error
      }
    })()
    t.type(error, ConfigError, `${name}=${value}`)
    t.match(error, { message: new RegExp(`^${name}: `) }, `${name}=${value}`)
    t.notMatch(error, { message: /hunter2/ })
  }
  for (const name of ['MEDIA_DELIVERY', 'S3_ENDPOINT'])
    t.throws(
      () => readSettings({ [name]: 'x' }, t.testdir()),
      new RegExp(`^${name}: is for pictures in a bucket`)
    )
})
