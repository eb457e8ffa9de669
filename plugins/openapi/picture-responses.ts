const NOT_FOUND = {
  description: 'There is nothing of this name.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Detail' } } }
}

const KEPT_FOR_EVER = {
  'Cache-Control': {
    description: 'For a year, and immutable.',
    schema: { type: 'string', const: 'public, max-age=31536000, immutable' }
  }
}

const PICTURE = { schema: { type: 'string', format: 'binary', contentMediaType: 'application/octet-stream' } }

const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif', 'image/tiff']

/** Of `GET {mediaUrl}{path}`. */
export const PICTURE_RESPONSES = {
  200: {
    description: 'The picture.',
    headers: {
      ...KEPT_FOR_EVER,
      ETag: { description: 'For `If-None-Match`.', schema: { type: 'string' } }
    },
    content: Object.fromEntries(TYPES.map((type) => [type, PICTURE]))
  },
  302: { description: 'The square can’t be made at the moment; the picture itself is there.' },
  304: { description: 'It is what the client has.' },
  404: NOT_FOUND
}

/** Of `GET {mediaUrl}placeholders/{name}`. */
export const PLACEHOLDER_RESPONSES = {
  200: {
    description: 'The drawing.',
    headers: KEPT_FOR_EVER,
    content: { 'image/svg+xml': { schema: { type: 'string' } } }
  },
  404: NOT_FOUND
}
