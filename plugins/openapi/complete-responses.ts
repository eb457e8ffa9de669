import { type Examples, OWN_EXAMPLES, REFUSAL_EXAMPLES } from './examples.ts'

type Json = Record<string, unknown>

export interface Response extends Json {
  description: string
  headers?: Json
  content?: Record<string, { schema: Json; examples?: Json }>
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'It is done; this is what there is now.',
  201: 'The account is there, and signed in.',
  204: 'The account is gone.',
  302: 'Where the picture is.',
  400: 'Something that was sent can’t be used; nothing was written.',
  401: 'There is no token, or it is not good (any more).',
  403: 'It is known who asks, and this is not theirs.',
  404: 'There is nobody, or nothing, of this name.',
  408: 'The body took too long to arrive.',
  413: 'The body, or a file in it, is larger than it may be.',
  415: 'The body has a type that is not taken.',
  429: 'Too many requests of this kind lately.',
  500: 'A fault of the service. The log has its cause under the id.',
  503: 'A store can’t be reached, or too many requests wait. Nothing was written.',
  507: 'There is no storage left. Nothing was written.'
}

const RETRY_AFTER = {
  description: 'Seconds after which to try again.',
  schema: { type: 'integer', minimum: 1 }
}

const HEADERS: Readonly<Record<string, Json>> = {
  302: {
    Location: {
      description: 'The path of the picture, or of a drawing.',
      required: true,
      schema: { type: 'string' }
    },
    'Cache-Control': { description: 'How long it may be kept.', schema: { type: 'string' } }
  },
  401: {
    'WWW-Authenticate': {
      description: 'The scheme (RFC 6750).',
      required: true,
      schema: { type: 'string', const: 'Bearer realm="api"' }
    }
  },
  429: { 'Retry-After': RETRY_AFTER },
  503: { 'Retry-After': RETRY_AFTER }
}

/** Gives the responses of an operation their descriptions, headers and examples. */
export function completeResponses(
  operationId: string,
  responses: Record<string, Response>,
  successes: Examples['successes']
): void {
  for (const [status, response] of Object.entries(responses)) {
    response.description = DESCRIPTIONS[status] ?? response.description
    const headers = HEADERS[status]
    if (headers) response.headers = headers
    const media = response.content?.['application/json']
    if (!media) continue
    const examples = OWN_EXAMPLES[operationId]?.[Number(status)] ?? REFUSAL_EXAMPLES[Number(status)]
    media.examples = wrap(examples ?? { success: successes[componentOf(media.schema)] })
  }
}

const componentOf = ({ $ref }: Json): string => String($ref).split('/').at(-1) ?? ''

const wrap = (examples: Readonly<Json>): Json =>
  Object.fromEntries(
    Object.entries(examples).map(([name, value]) => [
      name.replaceAll(' ', '-').replaceAll('’', ''),
      { value }
    ])
  )
