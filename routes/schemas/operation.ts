import type { FastifySchema } from 'fastify'

/** What documents say of a route (OpenAPI 3.1.1, 4.8.10). */
export interface About {
  /** Unique, and good as a method's name. */
  operationId: string
  summary: string
  description?: string
  tags: readonly ['Accounts' | 'Tokens' | 'Profile' | 'Pictures' | 'Administration']
  /** Whether the answer names the user's state by an `ETag`, and the condition that may ask for one. */
  userTag?: 'If-Match' | 'If-None-Match' | 'unconditional'
}

/** A route's schemas, with what documents say of it. */
export const operation = <Schema extends FastifySchema>(about: About, schema: Schema): About & Schema => ({
  ...about,
  ...schema
})

/**
 * The same of a route that asks for a token. Not in OpenAPI's word, `security`: a host's document that doesn't define the scheme
 * could not be made.
 */
export const bearerOperation = <Schema extends FastifySchema>(about: About, schema: Schema) => ({
  ...operation(about, schema),
  needsToken: true
})
