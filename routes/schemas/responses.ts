import { Type } from '@sinclair/typebox'

/** ISO 8601. A keyword of its own, because the serialiser would judge a `format`. */
const TIME = { documentedFormat: 'date-time', examples: ['2024-01-15T10:30:00Z'] }
const NullableString = (options: object = {}) =>
  Type.Unsafe<string | null>({ type: 'string', nullable: true, ...options })

/** The user as every response shows it: these twelve fields, in this order. */
export const UserResponse = Type.Object({
  id: Type.Integer({ description: 'Unique, and never given again.', minimum: 1 }),
  username: Type.String(),
  email: Type.String(),
  first_name: Type.String({ description: 'May be blank.' }),
  last_name: Type.String({ description: 'May be blank.' }),
  number_phone: NullableString(),
  avatar: NullableString({ description: 'URL path of the picture.', examples: ['/media/avatars/3f9c.jpg'] }),
  date_joined: Type.String({ ...TIME, description: 'When the account was made, in UTC to the second.' }),
  last_login: NullableString({ ...TIME, description: 'The last sign-in, in UTC to the second.' }),
  is_active: Type.Boolean({ description: 'Whether the user may come in.' }),
  is_staff: Type.Boolean(),
  is_superuser: Type.Boolean()
})

export const TokenPairResponse = Type.Object({ refresh: Type.String(), access: Type.String() })

/** Without a refresh token where the one that was sent stays good. */
export const RefreshedResponse = Type.Object({ access: Type.String(), refresh: Type.Optional(Type.String()) })

export const SignedInResponse = Type.Object({
  refresh: Type.String(),
  access: Type.String(),
  user: UserResponse
})

/** Of a session in a cookie, where its refresh token stays. */
export const KeptSessionResponse = Type.Object({ access: Type.String(), user: UserResponse })

export const EmptyResponse = Type.Object({})

export const Detail = Type.Object({ detail: Type.String() })
export const Failure = Type.Object({ error: Type.String() })

/** A 400: every invalid field with its sentences, or one `detail` or `error` for the request as a whole. */
export const Invalid = Type.Record(Type.String(), Type.Union([Type.Array(Type.String()), Type.String()]))

export const Unauthenticated = Type.Object({
  detail: Type.String(),
  code: Type.Optional(Type.String()),
  messages: Type.Optional(
    Type.Array(Type.Object({ token_class: Type.String(), token_type: Type.String(), message: Type.String() }))
  )
})

/** What any route may answer. */
export const everywhere = { 500: Failure, 503: Failure, 507: Failure }

/** What routes that take a body, and limit how often, may answer besides. */
const withBody = { 400: Invalid, 408: Invalid, 413: Invalid, 415: Detail, 429: Detail }

export const publicResponses = { ...everywhere, ...withBody }

/** Of SimpleJWT's endpoints, which refuse with a 401. */
export const tokenResponses = { ...publicResponses, 401: Unauthenticated }

/** Of sessions in cookies, which are for pages of the same origin alone. */
export const keptSessionResponses = { ...tokenResponses, 403: Failure }

/** A 403: somebody whom an identity provider knows, and who can't have an account. */
export const bearerResponses = { ...everywhere, 401: Unauthenticated, 403: Failure }

/** Of redirects to somebody's picture. */
export const lookupResponses = { ...everywhere, 302: Type.Null(), 400: Invalid, 404: Detail, 429: Detail }

/** Of routes on one's own account. */
export const ownAccountResponses = { ...bearerResponses, 403: Failure, 404: Detail }

export const updateResponses = { ...ownAccountResponses, ...withBody }
