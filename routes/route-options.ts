import type { AvatarLookup } from '../src/avatars/avatar-lookup.ts'
import type { Sessions } from '../src/tokens/sessions.ts'
import type { Accounts } from '../src/users/accounts.ts'
import type { OwnAccess } from '../src/users/own-access.ts'
import type { Profiles } from '../src/users/profiles.ts'
import type { AvatarPaths } from './avatar-url.ts'
import type { Presenter } from './present-user.ts'

/** What redirects to pictures work with. */
export interface LookupOptions {
  lookup: AvatarLookup
  paths: AvatarPaths
}

/** What routes work with, besides the hooks that plugins decorate. */
export interface RouteOptions extends LookupOptions {
  sessions: Sessions
  accounts: Accounts
  profiles: Profiles
  ownAccess: OwnAccess
  present: Presenter
  /** Whether strangers may make accounts. */
  signUpOpen: boolean
  /** The largest file that is taken as an avatar, in bytes. */
  avatarMaxBytes: number
}
