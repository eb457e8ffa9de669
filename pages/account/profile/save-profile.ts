import { isProfileError } from '../../../client/profile-error.ts'
import { client, type User } from '../../shared/client.ts'
import { changesOf, conflictsOf, type Draft } from './draft.ts'

/** How often a profile may change under one's hands before it is a failure. */
const MAX_TRIES = 5

export interface Saved {
  user: User
  /** Whether the draft was written; else the user has changed in fields that it changes. */
  isWritten: boolean
}

/**
 * Saves what was typed, unless one of its fields was changed elsewhere meanwhile. What else has changed is no reason.
 * @param user whom the page shows
 */
export async function saveProfile(draft: Draft, user: User): Promise<Saved> {
  let current = user
  for (let tries = 1; ; tries++) {
    if (conflictsOf(draft, current).length > 0) return { user: current, isWritten: false }
    try {
      const updated = await client.updateProfile(changesOf(draft), { basedOn: current })
      return { user: updated, isWritten: true }
    } catch (error) {
      if (!isProfileError(error) || error.status !== 412 || tries === MAX_TRIES) throw error
      current = await client.profile({ known: current })
    }
  }
}
