import type { ProfileExtra } from '../../users/user.ts'
import { customType } from './drizzle.ts'

/** An object as JSON. A text that somebody has damaged counts as an empty one: the account has to stay usable. */
export const extraColumn = customType<{ data: ProfileExtra; driverData: string }>({
  dataType: () => 'text',
  fromDriver: readExtra
})

function readExtra(text: string): ProfileExtra {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}

/** Without U+0000, which JSON escapes. */
export const writeExtra = (extra: ProfileExtra): string => JSON.stringify(extra)
