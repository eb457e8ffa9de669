import type { ProfileExtra } from '../users/user.ts'
import { readObject } from './json-texts.ts'

/** A host's fields out of their JSON; none of a text that somebody has damaged. */
export const readExtra = (text: string): ProfileExtra => readObject(text)

export const writeExtra = (extra: ProfileExtra): string => JSON.stringify(extra)
