import type { Response } from './complete-responses.ts'

const KEPT_FOR_EVER = {
  'Cache-Control': {
    description: 'For a year, and immutable.',
    schema: { type: 'string', const: 'public, max-age=31536000, immutable' }
  }
}

const PICTURE = { schema: { type: 'string', format: 'binary', contentMediaType: 'application/octet-stream' } }

/** Those that uploads become, and those that pictures from elsewhere may have; the last is of bytes that are no picture. */
const TYPES = [
  ...['image/jpeg', 'image/png', 'image/webp'],
  ...['image/gif', 'image/avif', 'image/tiff', 'image/bmp', 'image/heic', 'application/octet-stream']
]
const CONTENT = Object.fromEntries(TYPES.map((type) => [type, PICTURE]))

const refusal = (): Response => ({
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Detail' } } }
})

/** Of `GET {mediaUrl}{path}`. */
export const pictureResponses = (): Record<string, Response> => ({
  200: {
    headers: {
      ...KEPT_FOR_EVER,
      ETag: { description: 'For `If-None-Match`.', schema: { type: 'string' } }
    },
    content: CONTENT
  },
  206: {
    headers: {
      'Content-Range': { description: 'Which part, of how many bytes.', schema: { type: 'string' } }
    },
    content: CONTENT
  },
  302: {},
  304: {},
  404: refusal(),
  416: refusal()
})

/** Of `GET {mediaUrl}placeholders/{name}`. */
export const placeholderResponses = (): Record<string, Response> => ({
  200: {
    headers: KEPT_FOR_EVER,
    content: { 'image/svg+xml': { schema: { type: 'string' } } }
  },
  404: refusal()
})
