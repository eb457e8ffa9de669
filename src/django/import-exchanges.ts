import { type IdentityField, identityKey } from '../users/identity.ts'
import type { UserId } from '../users/user.ts'
import type { ImportRun } from './import-run.ts'
import type { TakenName } from './import-store.ts'

/** A user who is here and whose new names others have. */
export interface Blocked {
  id: UserId
  taken: readonly TakenName[]
  /** The names that the user is to get. */
  names: Partial<Record<IdentityField, string>>
}

/**
 * Of users who wait for each other those whose names can all be given at once, as where two have swapped theirs: each name
 * is nobody's or that of one who gives it up, and nobody else's wish.
 */
export function findExchange(waiting: Iterable<Blocked>): Map<UserId, Blocked> {
  const found = new Map<UserId, Blocked>()
  const wishes = new Set<string>()
  for (const user of waiting) {
    const keys = Object.entries(user.names).map(([field, name]) => `${field} ${identityKey(name)}`)
    if (keys.some((key) => wishes.has(key))) continue
    for (const key of keys) wishes.add(key)
    found.set(user.id, user)
  }

  const waitFor = new Map<UserId, UserId[]>()
  for (const { id, taken } of found.values())
    for (const { by } of taken) waitFor.set(by, [...(waitFor.get(by) ?? []), id])
  const isHopeless = ({ taken }: Blocked) =>
    taken.some(({ field, by }) => found.get(by)?.names[field] === undefined)
  const hopeless = [...found.values()].filter(isHopeless).map(({ id }) => id)
  // Whoever waits for one who has to stay has to stay too.
  for (let id = hopeless.pop(); id !== undefined; id = hopeless.pop()) {
    if (!found.delete(id)) continue
    hopeless.push(...(waitFor.get(id) ?? []))
  }
  return found
}

/** Frees the names of users who are about to get others. */
export async function releaseNames({ store }: ImportRun, users: Iterable<Blocked>): Promise<void> {
  for (const { id, names } of users)
    for (const field of ['username', 'email'] as const)
      if (names[field] !== undefined) await store.releaseName(id, field)
}
