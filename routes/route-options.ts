import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import type { AvatarLookup } from '../src/avatars/avatar-lookup.ts'
import type { RateLimitKind } from '../src/rate-limits.ts'
import type { KeptSessions } from '../src/tokens/kept-sessions.ts'
import type { Sessions } from '../src/tokens/sessions.ts'
import type { Accounts } from '../src/users/accounts.ts'
import type { OwnAccess } from '../src/users/own-access.ts'
import type { Profiles } from '../src/users/profiles.ts'
import type { ProfileFields } from '../src/validation/profile-fields.ts'
import type { AvatarPaths } from './avatar-url.ts'
import type { Authenticate } from './own-account.ts'
import type { Presenter } from './present-user.ts'
import type { UserResponses } from './schemas/profile-fields.ts'
import type { SessionCookie } from './session-cookie.ts'

/** A hook that limits the requests of a kind by address; put it before `authenticate`, so that guesses count too. */
export type LimitRate = (kind: RateLimitKind) => onRequestHookHandler

/** A hook that limits them by user; put it after `authenticate`. */
export type LimitUser = (kind: RateLimitKind) => onRequestHookHandler

/** What redirects to pictures work with. */
export interface LookupOptions {
  lookup: AvatarLookup
  paths: AvatarPaths
  limitRate: LimitRate
}

/** What routes work with. */
export interface RouteOptions extends LookupOptions {
  authenticate: Authenticate
  limitUser: LimitUser
  profiles: Profiles
  present: Presenter
  /** What a host adds to profiles. */
  fields: ProfileFields
  responses: UserResponses
  /** The largest file that is taken as an avatar, in bytes. */
  avatarMaxBytes: number
}

/** What routes that take forms work with. */
export interface FormRouteOptions extends RouteOptions {
  /**
   * A `preValidation` hook that turns a multipart body into an object on `request.body`: texts as texts, the file of
   * `fileField` as an `UploadedFile`, which whoever handles the request discards.
   */
  readForm(options?: { fileField: string; maxFileBytes: number }): (request: FastifyRequest) => Promise<void>
}

/** What routes work with where accounts sign in here. */
export interface AccountRouteOptions extends FormRouteOptions {
  sessions: Sessions
  /** Those that browsers keep in a cookie. */
  keptSessions: KeptSessions
  sessionCookie: SessionCookie
  accounts: Accounts
  ownAccess: OwnAccess
  /** Whether strangers may make accounts. */
  signUpOpen: boolean
}
