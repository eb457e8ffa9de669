import type { UserId } from '../users/user.ts'

/** What administrators do to users. */
export const ACTIONS = [
  'update',
  'activate',
  'deactivate',
  'end_sessions',
  'grant_staff',
  'revoke_staff',
  'remove_avatar',
  'delete'
] as const

export type Action = (typeof ACTIONS)[number]

/** `begun` stays where nobody could write down what came of it: the act may have happened. */
export type Outcome = 'begun' | 'done' | 'refused'

/** A user at the time of an act. */
export interface Person {
  id: UserId
  username: string
}

/** Old and new values of changed fields, as the interface names and shows them; never a secret. */
export type FieldChanges = Readonly<Record<string, readonly [before: unknown, after: unknown]>>

export interface Act {
  /** Epoch milliseconds. */
  at: number
  actor: Person
  target: Person
  action: Action
  /** The client's address. */
  address: string
  /** What is asked for; then, of what was done, what it changed. Null for nothing to tell. */
  changes: FieldChanges | null
}

export interface RecordedAct extends Act {
  /** Ascending in time. */
  id: number
  outcome: Outcome
}

/**
 * The acts of administrators, written down before they are done, so that none is missing. Every method is one atomic unit, with
 * the same promises on durability and errors as `UserStore`.
 */
export interface AuditLog {
  /** @returns the act's id */
  begin(act: Act): Promise<number>

  /** Writes down what came of an act. @param changes what it changed, in the place of what was asked for */
  finish(id: number, outcome: Exclude<Outcome, 'begun'>, changes: FieldChanges | null): Promise<void>

  /** Acts from before the given one, the newest first, `limit` at most; those upon one user where one is given. */
  list(query: { target?: UserId; before?: number; limit: number }): Promise<RecordedAct[]>

  /**
   * Takes old and new values out of the acts upon a user, who has been deleted; that they happened stays. Safe to repeat: where
   * users are kept beside it, their deletion has done so already.
   */
  forgetChanges(target: UserId): Promise<void>
}
