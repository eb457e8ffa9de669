import type { FastifyInstance } from 'fastify'
import { operation } from '../../routes/schemas/operation.ts'
import { drawPlaceholder, parsePlaceholderName } from '../../src/avatars/placeholder.ts'
import { errors } from '../../src/errors.ts'
import { SAFE_HEADERS } from './safe-headers.ts'

export interface PlaceholdersOptions {
  /** The URL path in front of placeholders' names, with slashes at both ends. */
  urlPrefix: string
}

const ABOUT = {
  operationId: 'getPlaceholder',
  summary: 'A drawing of initials, for users without a picture',
  description: 'All that is drawn is in its name: the initials, and the number of a colour.',
  tags: ['Pictures']
} as const

/** Draws what stands for users without a picture. All that is drawn is in the URL, so it may be cached for ever. */
export default async function placeholders(
  app: FastifyInstance,
  { urlPrefix }: PlaceholdersOptions
): Promise<void> {
  // Other names may be those of pictures from elsewhere.
  app.get<{ Params: { name: string } }>(
    `${urlPrefix}:name(^[^-]{0,4}-\\d{1,2}\\.svg$)`,
    { schema: operation(ABOUT, {}) },
    async (request, reply) => {
      const placeholder = parsePlaceholderName(request.params.name)
      if (!placeholder) throw errors.notFound()
      return reply
        .headers({ ...SAFE_HEADERS, 'cache-control': 'public, max-age=31536000, immutable' })
        .type('image/svg+xml')
        .send(drawPlaceholder(placeholder))
    }
  )
}
