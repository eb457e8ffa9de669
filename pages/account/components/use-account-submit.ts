import { isProfileError } from '../../../client/profile-error.ts'
import { type Submission, useSubmit } from '../../shared/use-submit.ts'
import { goesOn } from '../session/account.ts'

/** A form of who is signed in: where the session has ended, they are asked to sign in again, and the form waits as it is. */
export function useAccountSubmit(send: () => Promise<unknown>): Submission {
  return useSubmit(async () => {
    try {
      return await send()
    } catch (error) {
      if (!isProfileError(error) || error.status !== 401) throw error
      // A new token that was not taken either may have come too late.
      return (await goesOn()) && send()
    }
  })
}
