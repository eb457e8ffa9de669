import type { ProfileExtra } from '../users/user.ts'

/** A host's fields out of their JSON. A text that somebody has damaged counts as an empty object: the account has to stay usable. */
export function readExtra(text: string): ProfileExtra {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}

export const writeExtra = (extra: ProfileExtra): string => JSON.stringify(extra)
