import { plainSchema } from './plain-schema.ts'

type Json = Record<string, unknown>

/** A file in a form. The format is for tools of OpenAPI 3.0; the media type is how 3.1 has it. */
const FILE = { type: 'string', format: 'binary', contentMediaType: 'application/octet-stream' }

export interface FileLimits {
  /** Bytes of a picture. */
  avatarMaxBytes: number
  /** Width times height of a picture. */
  avatarMaxPixels: number
}

/** What takes the place of a file in each type of body; null and nothing take the picture away. */
const filesFor = ({ avatarMaxBytes, avatarMaxPixels }: FileLimits): Record<string, Json> => ({
  'application/json': { type: 'null', description: 'Takes the picture away.' },
  'multipart/form-data': {
    ...FILE,
    description: `A picture: JPEG, PNG, WebP, GIF, AVIF or TIFF, of at most ${avatarMaxBytes} bytes and ${avatarMaxPixels} pixels. An empty value takes the picture away.`
  },
  'application/x-www-form-urlencoded': { type: 'string', enum: [''], description: 'Takes the picture away.' }
})

/** The body of a request in each of the types that routes take. */
export function requestBodies(
  schema: Json,
  names: ReadonlyMap<object, string>,
  limits: FileLimits
): { content: Json } {
  const properties = Object.entries(schema.properties as Record<string, Json>)
  const content = Object.entries(filesFor(limits)).map(([type, file]) => {
    const shown = properties.map(([name, one]) => [name, one.uploadedFile ? file : one])
    const body = { ...schema, properties: Object.fromEntries(shown) }
    return [type, { schema: plainSchema(body, names) }]
  })
  return { content: Object.fromEntries(content) }
}
