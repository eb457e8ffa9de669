import type { Clock } from '../clock.ts'
import { errors } from '../errors.ts'
import type { Log } from '../log.ts'
import { createTurns } from '../turns.ts'
import type { Applied, ProfileDraft, Profiles, UpdateCondition } from '../users/profiles.ts'
import { requireStillIn } from '../users/still-in.ts'
import type { User, UserId } from '../users/user.ts'
import type { UserEvents } from '../users/user-events.ts'
import type { UserStore } from '../users/user-store.ts'
import type { Action, AuditLog } from './audit-log.ts'
import { fieldChanges, ofSameFields } from './field-changes.ts'
import { authorise } from './permissions.ts'
import { createActRecorder } from './record-acts.ts'

/** Who acts, and from where. */
export interface Actor {
  /** As they were when the request came in. */
  user: User
  /** The client's address. */
  address: string
}

/** An update of somebody else, as far as its texts could be judged. */
export type TextsDraft = Omit<ProfileDraft, 'avatar'>

/**
 * What administrators do to users. Each is written down in the audit log before it is done; what would change nothing is not done,
 * and not written down.
 *
 * Who acts may have lost the right to while the rest of the request was on its way, so both users are looked at when the act's
 * turn comes. Of acts upon one user it comes to one at a time, and so it does of those of two superusers upon each other, or both
 * would be put out.
 *
 * Every method throws `not_found` (404) where there is no such user, `not_authorized` (403) where it is not for this actor to do
 * it, `own_account` (400) of what nobody does to themselves, and the 401 that fits where the actor's token is dead by now.
 */
export interface Administration {
  /**
   * @throws `invalid` (400) with every field's sentences
   * @throws `precondition_failed` (412) where the user is no longer as somebody saw them
   */
  update(actor: Actor, id: UserId | undefined, draft: TextsDraft, condition?: UpdateCondition): Promise<User>
  activate(actor: Actor, id: UserId | undefined): Promise<User>
  /** Tokens and sessions end with it. */
  deactivate(actor: Actor, id: UserId | undefined): Promise<User>
  /** Ends all sessions; access tokens are dead too. */
  signOut(actor: Actor, id: UserId | undefined): Promise<User>
  grantStaff(actor: Actor, id: UserId | undefined): Promise<User>
  revokeStaff(actor: Actor, id: UserId | undefined): Promise<User>
  removeAvatar(actor: Actor, id: UserId | undefined): Promise<User>
  /** Deletes the account with its sessions and its avatar; what the audit log knew of its values is forgotten. */
  delete(actor: Actor, id: UserId | undefined): Promise<void>
}

/** What a proxy writes as an address may be anything. */
const MAX_ADDRESS_CHARACTERS = 64

export function createAdministration({
  users,
  profiles,
  audit,
  events,
  show,
  clock,
  log
}: {
  users: Pick<UserStore, 'findById' | 'setActive' | 'setStaff' | 'revokeTokens'>
  profiles: Profiles
  audit: AuditLog
  events: UserEvents
  /** A user as answers show one: the audit log names fields and values likewise. */
  show: (user: User) => object
  clock: Clock
  log: Log
}): Administration {
  const record = createActRecorder({ audit, clock, log })
  const inTurn = createTurns()

  /** The actor as they are by now. @throws the 401 that fits */
  async function lookAgain({ user: then, address }: Actor): Promise<Actor> {
    const user = await users.findById(then.id)
    if (!user) throw errors.userNotFound()
    requireStillIn(user, then)
    return { user, address }
  }

  /** Does what is this actor's to do, when its turn comes. @param perform gets both users as they are then */
  async function act<Result>(
    actor: Actor,
    action: Action,
    id: UserId | undefined,
    perform: (actor: Actor, target: User) => Promise<Result>
  ): Promise<Result> {
    const seen = id === undefined ? undefined : await users.findById(id)
    if (id === undefined || !seen) throw errors.notFound()
    // Whoever could put the actor out meanwhile waits too; all else an actor does goes on at once.
    return inTurn(seen.isSuperuser ? [id, actor.user.id] : [id], async () => {
      const current = await lookAgain(actor)
      const target = await users.findById(id)
      if (!target) throw errors.notFound()
      authorise(current.user, action, target)
      return perform(current, target)
    })
  }

  const describe = ({ user, address }: Actor, action: Action, target: User) => ({
    actor: { id: user.id, username: user.username },
    target: { id: target.id, username: target.username },
    action,
    address: address.slice(0, MAX_ADDRESS_CHARACTERS)
  })

  /**
   * @param wanted what the user would be then
   * @param perform makes it so
   * @returns the user; undefined, and nothing is done, where that is what the user is
   */
  async function change(
    actor: Actor,
    action: Action,
    target: User,
    wanted: Partial<User>,
    perform: () => Promise<Applied>
  ): Promise<User | undefined> {
    const asked = fieldChanges(show(target), show({ ...target, ...wanted }))
    if (!asked) return undefined
    return record({ ...describe(actor, action, target), changes: asked }, async () => {
      const { before, user } = await perform()
      return { result: user, changes: ofSameFields(fieldChanges(show(before), show(user)), asked) }
    })
  }

  /** Sets a flag, of which hosts are told as of any change of a profile. */
  async function setFlag(before: User, set: () => Promise<User | undefined>): Promise<Applied> {
    const user = await set()
    if (!user) throw errors.notFound()
    await events.updated(before, user)
    return { before, user }
  }

  const setActive = (actor: Actor, id: UserId | undefined, isActive: boolean): Promise<User> => {
    const action = isActive ? 'activate' : 'deactivate'
    return act(actor, action, id, async (by, target) => {
      const set = () => users.setActive(target.id, isActive, clock.now())
      return (await change(by, action, target, { isActive }, () => setFlag(target, set))) ?? target
    })
  }

  const setStaff = (actor: Actor, id: UserId | undefined, isStaff: boolean): Promise<User> => {
    const action = isStaff ? 'grant_staff' : 'revoke_staff'
    return act(actor, action, id, async (by, target) => {
      const set = () => users.setStaff(target.id, isStaff)
      return (await change(by, action, target, { isStaff }, () => setFlag(target, set))) ?? target
    })
  }

  return {
    update: (actor, id, draft, condition) =>
      act(actor, 'update', id, async (by, target) => {
        // Refused for all that is wrong, and nothing has been asked for that could have happened.
        if (Object.keys(draft.invalid).length > 0) return profiles.update(target, draft)
        const { texts, extra } = draft
        const wanted = { ...texts, ...(extra && { extra: { ...target.extra, ...extra } }) }
        const apply = () => profiles.apply(target, draft, condition)
        const changed = await change(by, 'update', target, wanted, apply)
        return changed ?? profiles.update(target, { texts: {}, invalid: {} }, condition)
      }),

    activate: (actor, id) => setActive(actor, id, true),
    deactivate: (actor, id) => setActive(actor, id, false),
    grantStaff: (actor, id) => setStaff(actor, id, true),
    revokeStaff: (actor, id) => setStaff(actor, id, false),

    signOut: (actor, id) =>
      act(actor, 'end_sessions', id, (by, target) =>
        record({ ...describe(by, 'end_sessions', target), changes: null }, async () => {
          const user = await users.revokeTokens(target.id, clock.now())
          if (!user) throw errors.notFound()
          return { result: user, changes: null }
        })
      ),

    removeAvatar: (actor, id) =>
      act(actor, 'remove_avatar', id, async (by, target) => {
        const draft: ProfileDraft = { texts: {}, avatar: null, invalid: {} }
        const apply = () => profiles.apply(target, draft)
        return (await change(by, 'remove_avatar', target, { avatar: null }, apply)) ?? target
      }),

    delete: (actor, id) =>
      act(actor, 'delete', id, (by, target) =>
        record({ ...describe(by, 'delete', target), changes: null }, async () => {
          await profiles.delete(target)
          return { result: undefined, changes: null }
        })
      )
  }
}
