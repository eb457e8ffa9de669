import type { Sessions } from '../src/tokens/sessions.ts'
import type { Accounts } from '../src/users/accounts.ts'
import type { Profiles } from '../src/users/profiles.ts'
import type { Presenter } from './present-user.ts'

/** What routes work with, besides the hooks that plugins decorate. */
export interface RouteOptions {
  sessions: Sessions
  accounts: Accounts
  profiles: Profiles
  present: Presenter
  /** Whether strangers may make accounts. */
  signUpOpen: boolean
  /** The largest file that is taken as an avatar, in bytes. */
  avatarMaxBytes: number
}
