import type { RateLimit, RateLimitKind } from '../../src/rate-limits.ts'
import type { ProfileFields } from '../../src/validation/profile-fields.ts'

/** What of the settings a client can see. */
export interface ApiDescription {
  /** The path in front of every route but those of pictures. */
  apiPrefix: string
  /** The path in front of pictures, with slashes at both ends. */
  mediaUrl: string
  /** Whether accounts sign in here. */
  hasAccounts: boolean
  /** Whether there is an interface of administrators. */
  admin: boolean
  signUpOpen: boolean
  avatarById: boolean
  libravatar: boolean
  refreshRotation: boolean
  /** Bytes of an uploaded picture. */
  avatarMaxBytes: number
  /** Width times height of an uploaded picture. */
  avatarMaxPixels: number
  /** Whether requests are limited, */
  rateLimit: boolean
  /** and where not as usual. */
  rateLimits?: Partial<Record<RateLimitKind, Partial<RateLimit>>>
  /** What a host adds to profiles. */
  fields: ProfileFields
}

/** An OpenAPI 3.1 document. */
export type OpenApiDocument = Record<string, unknown>
