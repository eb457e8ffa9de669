import type { LoadRequest } from './load.ts'
import { mintAccessToken, mintRefreshToken } from './mint-token.ts'

/** How many different texts each user gets in turn, so that an update changes what it writes. */
const VARIANTS = 4

const bearer = (id: number, secret: string) => ({ Authorization: `Bearer ${mintAccessToken(id, secret)}` })

/** JSON updates of these users, in an order that jumps about. */
export function updateRequests(ids: readonly number[], secret: string): LoadRequest[] {
  return Array.from({ length: VARIANTS }, (_, variant) =>
    ids.map((id, index) => ({
      method: 'PUT',
      path: `/api/profile/${id}/update/`,
      headers: { ...bearer(id, secret), 'Content-Type': 'application/json' },
      body: JSON.stringify({
        first_name: `Alice ${variant}`,
        last_name: `Wonderland ${index + variant}`,
        number_phone: String(5_550_000_000 + index + variant)
      })
    }))
  ).flat()
}

export const readRequests = (ids: readonly number[], secret: string): LoadRequest[] =>
  ids.map((id) => ({ method: 'GET', path: `/api/profile/${id}/`, headers: bearer(id, secret) }))

/** Refreshes, each of the same token again and again: for a server whose grace is longer than the load. */
export const refreshRequests = (ids: readonly number[], secret: string): LoadRequest[] =>
  ids.map((id) => ({
    method: 'POST',
    path: '/api/token/refresh/',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ refresh: mintRefreshToken(id, secret) })
  }))

/** The same number of ids whatever `userCount` is (at least as many), spread evenly over 1 to `userCount`, in an order that jumps about. */
export function spreadIds(count: number, userCount: number): number[] {
  const step = userCount / count
  const ids = Array.from({ length: count }, (_, index) => 1 + Math.floor(index * step))
  // A stride that shares no factor with the count visits each once.
  const stride = strideFor(count)
  return ids.map((_, index) => ids[(index * stride) % count] ?? 1)
}

function strideFor(count: number): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
  let stride = Math.max(1, Math.floor(count * 0.618))
  while (gcd(stride, count) !== 1) stride++
  return stride
}
