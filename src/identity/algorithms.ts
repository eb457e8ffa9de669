/** The algorithms that tokens from elsewhere may be signed with (RFC 7518, 3.1; RFC 8037, 3.1). No others exist here. */
export const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const

export type Algorithm = (typeof ALGORITHMS)[number]
