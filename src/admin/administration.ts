import type { Clock } from '../clock.ts'
import { errors } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Applied, ProfileDraft, Profiles, UpdateCondition } from '../users/profiles.ts'
import type { User, UserId } from '../users/user.ts'
import type { UserEvents } from '../users/user-events.ts'
import type { UserStore } from '../users/user-store.ts'
import type { Action, AuditLog } from './audit-log.ts'
import { fieldChanges, ofSameFields } from './field-changes.ts'
import { authorise } from './permissions.ts'
import { createActRecorder } from './record-acts.ts'

/** Who acts, and from where. */
export interface Actor {
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
 * Every method throws `not_found` (404) where there is no such user, `not_authorized` (403) where it is not for this actor to do
 * it, and `own_account` (400) of what nobody does to themselves.
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

  /** Whom an act is upon, where the actor may do it. */
  async function getTarget({ user }: Actor, action: Action, id: UserId | undefined): Promise<User> {
    const target = id === undefined ? undefined : await users.findById(id)
    if (!target) throw errors.notFound()
    authorise(user, action, target)
    return target
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

  async function setActive(actor: Actor, id: UserId | undefined, isActive: boolean): Promise<User> {
    const action = isActive ? 'activate' : 'deactivate'
    const target = await getTarget(actor, action, id)
    const set = () => users.setActive(target.id, isActive, clock.now())
    return (await change(actor, action, target, { isActive }, () => setFlag(target, set))) ?? target
  }

  async function setStaff(actor: Actor, id: UserId | undefined, isStaff: boolean): Promise<User> {
    const action = isStaff ? 'grant_staff' : 'revoke_staff'
    const target = await getTarget(actor, action, id)
    const set = () => users.setStaff(target.id, isStaff)
    return (await change(actor, action, target, { isStaff }, () => setFlag(target, set))) ?? target
  }

  return {
    async update(actor, id, draft, condition) {
      const target = await getTarget(actor, 'update', id)
      // Refused for all that is wrong, and nothing has been asked for that could have happened.
      if (Object.keys(draft.invalid).length > 0) return profiles.update(target, draft)
      const { texts, extra } = draft
      const wanted = { ...texts, ...(extra && { extra: { ...target.extra, ...extra } }) }
      const apply = () => profiles.apply(target, draft, condition)
      const changed = await change(actor, 'update', target, wanted, apply)
      return changed ?? profiles.update(target, { texts: {}, invalid: {} }, condition)
    },

    activate: (actor, id) => setActive(actor, id, true),
    deactivate: (actor, id) => setActive(actor, id, false),
    grantStaff: (actor, id) => setStaff(actor, id, true),
    revokeStaff: (actor, id) => setStaff(actor, id, false),

    async signOut(actor, id) {
      const target = await getTarget(actor, 'end_sessions', id)
      return record({ ...describe(actor, 'end_sessions', target), changes: null }, async () => {
        const user = await users.revokeTokens(target.id, clock.now())
        if (!user) throw errors.notFound()
        return { result: user, changes: null }
      })
    },

    async removeAvatar(actor, id) {
      const target = await getTarget(actor, 'remove_avatar', id)
      const draft: ProfileDraft = { texts: {}, avatar: null, invalid: {} }
      const apply = () => profiles.apply(target, draft)
      return (await change(actor, 'remove_avatar', target, { avatar: null }, apply)) ?? target
    },

    async delete(actor, id) {
      const target = await getTarget(actor, 'delete', id)
      await record({ ...describe(actor, 'delete', target), changes: null }, async () => {
        await profiles.delete(target)
        return { result: undefined, changes: null }
      })
    }
  }
}
