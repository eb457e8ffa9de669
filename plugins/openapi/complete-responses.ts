import { descriptionOf } from './descriptions.ts'
import { type Examples, REFUSAL_EXAMPLES } from './examples.ts'

type Json = Record<string, unknown>

export interface Response extends Json {
  description?: string
  headers?: Json
  content?: Record<string, { schema: Json; examples?: Json }>
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
  { refusals, successes }: Examples
): void {
  for (const [status, { content, ...response }] of Object.entries(responses)) {
    const headers = { ...HEADERS[status], ...response.headers }
    responses[status] = {
      description: descriptionOf(operationId, status),
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(content && { content })
    }
    const media = content?.['application/json']
    if (!media) continue
    const examples = refusals[operationId]?.[Number(status)] ?? REFUSAL_EXAMPLES[Number(status)]
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
