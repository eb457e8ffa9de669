import { Type } from '@sinclair/typebox'

const Time = Type.String({
  description: 'ISO 8601 in UTC, to the second.',
  examples: ['2024-01-15T10:30:00Z']
})
const nullable = (type: 'string', options: object = {}) =>
  Type.Unsafe<string | null>({ type, nullable: true, ...options })

/** The user as every answer shows it: these twelve fields, in this order. */
export const UserAnswer = Type.Object({
  id: Type.Integer(),
  username: Type.String(),
  email: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
  number_phone: nullable('string'),
  avatar: nullable('string', {
    description: 'URL path of the picture.',
    examples: ['/media/avatars/3f9c.jpg']
  }),
  date_joined: Time,
  last_login: nullable('string', { description: 'ISO 8601 in UTC, to the second.' }),
  is_active: Type.Boolean(),
  is_staff: Type.Boolean(),
  is_superuser: Type.Boolean()
})

export const SignedInAnswer = Type.Object({
  refresh: Type.String(),
  access: Type.String(),
  user: UserAnswer
})

export const TokenPairAnswer = Type.Object({ refresh: Type.String(), access: Type.String() })

export const RefreshedAnswer = Type.Object({ access: Type.String(), refresh: Type.String() })

export const EmptyAnswer = Type.Object({})

const Detail = Type.Object({ detail: Type.String() })
const Failure = Type.Object({ error: Type.String() })

/** A 400: every invalid field with its sentences, or one `detail` or `error` for the request as a whole. */
const Invalid = Type.Record(Type.String(), Type.Union([Type.Array(Type.String()), Type.String()]))

const Unauthenticated = Type.Object({
  detail: Type.String(),
  code: Type.Optional(Type.String()),
  messages: Type.Optional(
    Type.Array(Type.Object({ token_class: Type.String(), token_type: Type.String(), message: Type.String() }))
  )
})

/** The answers that any route may give. */
const everywhere = { 405: Detail, 429: Detail, 500: Failure, 503: Failure }

/** The further answers of routes that take a body. */
const withBody = { 400: Invalid, 413: Invalid, 415: Detail, 507: Failure }

export const publicAnswers = { ...everywhere, ...withBody, 401: Unauthenticated, 403: Failure }

export const bearerAnswers = { ...everywhere, 401: Unauthenticated }

/** Of routes on one's own account. */
export const ownAccountAnswers = { ...bearerAnswers, 403: Failure, 404: Detail, 507: Failure }

export const updateAnswers = { ...ownAccountAnswers, ...withBody }
