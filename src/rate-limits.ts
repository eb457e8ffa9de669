/** Requests a minute of one kind. */
export interface RateLimit {
  /** From one client address (of IPv6, one /64), before it is known whose they are. */
  address: number
  /** Of one user, from wherever; only of requests that bring a token. */
  user?: number
}

/**
 * Kinds of requests, each counted by itself over all its routes. Behind one address there may be a whole school: what
 * costs little is limited by user more than by address.
 */
export const RATE_LIMITS = {
  /** Making an account. */
  signUp: { address: 20 },
  /** Signing in: `sign-in/` and `token/`. */
  signIn: { address: 30 },
  /** Refreshing, verifying and blacklisting tokens. */
  token: { address: 240 },
  /** Changing the password, and signing out everywhere. */
  password: { address: 30, user: 10 },
  /** Reading one's own profile. */
  read: { address: 1200, user: 300 },
  /** Changing or deleting it. */
  update: { address: 600, user: 120 },
  /** What administrators ask and do. */
  admin: { address: 600, user: 300 },
  /** Finding somebody's picture by id or by the hash of the email. */
  avatar: { address: 600 }
} as const satisfies Record<string, RateLimit>

export type RateLimitKind = keyof typeof RATE_LIMITS

export type RateLimits = Readonly<Record<RateLimitKind, RateLimit>>

export const isRateLimitKind = (text: string): text is RateLimitKind => Object.hasOwn(RATE_LIMITS, text)

/** Whether requests of a kind bring a token. */
export const isOfUsers = (kind: RateLimitKind): boolean => 'user' in RATE_LIMITS[kind]

/** Limits, where those that are given differ from the usual ones. */
export function withUsualLimits(given: Partial<Record<RateLimitKind, Partial<RateLimit>>>): RateLimits {
  const limits: Record<RateLimitKind, RateLimit> = { ...RATE_LIMITS }
  for (const [kind, limit] of Object.entries(given))
    if (isRateLimitKind(kind)) limits[kind] = { ...limits[kind], ...limit }
  return limits
}
