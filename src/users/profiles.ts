import type { AuditLog } from '../admin/audit-log.ts'
import type { Avatars } from '../avatars/avatars.ts'
import type { MediaKey } from '../avatars/media-store.ts'
import type { UploadedFile } from '../avatars/uploaded-file.ts'
import { errors, type FieldErrors } from '../errors.ts'
import type { Log } from '../log.ts'
import { InvalidPictureError } from '../pictures/invalid-picture.ts'
import type { Picture } from '../pictures/picture-format.ts'
import { identityKeys } from './identity.ts'
import { requireStillIn } from './still-in.ts'
import { describeTaken, explainTaken } from './taken.ts'
import type { ProfileExtra, ProfileTexts, User, UserId } from './user.ts'
import type { UserEvents } from './user-events.ts'
import type { ProfileStore, UserChanges } from './user-store.ts'
import { userVersion } from './user-version.ts'

/** An update as far as its texts could be judged. Absent fields stay as they are. */
export interface ProfileDraft {
  /** The valid ones only. */
  texts: Partial<ProfileTexts>
  /** The valid ones of the host's fields, where there are any. */
  extra?: ProfileExtra | undefined
  /** A new picture, or null to take the picture away. */
  avatar?: UploadedFile | null | undefined
  /** What is wrong with the others. */
  invalid: FieldErrors
}

export interface UpdateCondition {
  /** The states of the user that the update is good for, as `userVersion` names them. @default whatever it is */
  ifVersion?: readonly string[] | undefined
}

/** A user right before a write, and from then on. */
export interface Applied {
  before: User
  user: User
}

export interface Profiles {
  /**
   * Writes the draft whole, or nothing of it. An avatar that is replaced is deleted after the commit, a new one
   * that did not get into a row at once.
   * @throws `invalid` (400) with every field's sentences
   * @throws `not_found` (404) where the user was deleted meanwhile
   * @throws `precondition_failed` (412) where nothing is invalid, but the user is no longer as somebody saw them
   * @throws `user_inactive`, `token_not_valid` (401) where a picture came with it, and the user was put out while it did
   */
  update(user: User, draft: ProfileDraft, condition?: UpdateCondition): Promise<User>
  /** The same, with how the user was right before. */
  apply(user: User, draft: ProfileDraft, condition?: UpdateCondition): Promise<Applied>
  /** Deletes the account, its sessions, its avatar and what the audit log knows of its values. @throws `not_found` (404) */
  delete(user: User): Promise<void>
  exists(id: UserId): Promise<boolean>
}

export function createProfiles({
  users,
  avatars,
  audit,
  events,
  log
}: {
  users: ProfileStore
  avatars: Avatars
  /** Undefined where nobody keeps what administrators do. */
  audit?: Pick<AuditLog, 'forgetChanges'> | undefined
  events: UserEvents
  log: Log
}): Profiles {
  /** The picture ready to be kept, or its sentence added to `invalid`. */
  async function judgeAvatar(file: UploadedFile, invalid: FieldErrors): Promise<Picture | undefined> {
    try {
      return await avatars.prepare(file)
    } catch (error) {
      if (!(error instanceof InvalidPictureError)) throw error
      invalid.avatar = [error.sentence]
      return undefined
    }
  }

  /** Everything that is wrong at once: also whether the valid names are taken. */
  async function refuse(user: User, texts: Partial<ProfileTexts>, invalid: FieldErrors): Promise<never> {
    const taken = await users.findTaken(identityKeys(texts), user.id)
    throw errors.invalidFields({ ...invalid, ...describeTaken(taken) })
  }

  /** An update is told of invalid fields before it is told that it comes too late. */
  async function refuseOutdated({ id }: User, changes: UserChanges): Promise<never> {
    const taken = await users.findTaken(identityKeys(changes), id)
    throw taken.length > 0 ? errors.invalidFields(describeTaken(taken)) : errors.preconditionFailed()
  }

  async function write(user: User, changes: UserChanges, { ifVersion }: UpdateCondition): Promise<Applied> {
    const writing = ifVersion ? users.updateIf(user.id, ifVersion, changes) : users.update(user.id, changes)
    const result = await writing.catch((error: unknown) => {
      throw explainTaken(error)
    })
    if (!result) throw errors.notFound()
    if (result === 'changed') return refuseOutdated(user, changes)
    const { before, user: after } = result
    if (before.avatar !== null && before.avatar !== after.avatar) await discardUnused(before.avatar)
    await events.updated(before, after)
    return result
  }

  /** Nothing to write: but whether the user is as somebody saw them is asked for all the same. */
  async function leave(user: User, { ifVersion }: UpdateCondition): Promise<Applied> {
    if (!ifVersion) return { before: user, user }
    const found = await users.findById(user.id)
    if (!found) throw errors.notFound()
    if (!ifVersion.includes(userVersion(found))) throw errors.preconditionFailed()
    return { before: found, user: found }
  }

  /** An upload and its decoding take a while. */
  async function lookAgain(user: User): Promise<void> {
    const found = await users.findById(user.id)
    if (!found) throw errors.notFound()
    requireStillIn(found, user)
  }

  async function writeWithPicture(
    user: User,
    changes: UserChanges,
    picture: Picture,
    condition: UpdateCondition
  ): Promise<Applied> {
    await lookAgain(user)
    const avatar = await avatars.keep(picture)
    try {
      return await write(user, { ...changes, avatar }, condition)
    } catch (error) {
      if (await isUnused(user.id, avatar)) await avatars.discard(avatar)
      throw error
    }
  }

  /** False where the store can't tell: then the file stays for the sweep, lest a row point at a missing picture. */
  async function isUnused(id: UserId, avatar: MediaKey): Promise<boolean> {
    try {
      return (await users.findById(id))?.avatar !== avatar
    } catch {
      return false
    }
  }

  /**
   * Pictures from elsewhere may be those of several users, and may have names like those that are given out here. Where the
   * store can't tell, the sweep does it later.
   */
  async function discardUnused(avatar: MediaKey): Promise<void> {
    try {
      const referenced = await users.findReferencedMedia([avatar])
      if (!referenced.has(avatar)) await avatars.discard(avatar)
    } catch (error) {
      log.warn(
        { err: error, key: avatar },
        'whether an avatar has other users is not known; the sweep will see'
      )
    }
  }

  /** Who is deleted is deleted, whatever becomes of this. */
  async function forgetChanges(id: UserId): Promise<void> {
    try {
      await audit?.forgetChanges(id)
    } catch (error) {
      log.error({ err: error, userId: id }, 'the audit log may still know values of a user who was deleted')
    }
  }

  const apply: Profiles['apply'] = async (user, draft, condition = {}) => {
    const { texts, extra, avatar } = draft
    const invalid = { ...draft.invalid }
    const picture = avatar ? await judgeAvatar(avatar, invalid) : undefined
    if (Object.keys(invalid).length > 0) return refuse(user, texts, invalid)
    const fields: UserChanges = extra ? { ...texts, extra } : texts
    if (picture) return writeWithPicture(user, fields, picture, condition)
    const changes: UserChanges = avatar === null ? { ...fields, avatar } : fields
    return Object.keys(changes).length === 0 ? leave(user, condition) : write(user, changes, condition)
  }

  return {
    apply,

    update: async (user, draft, condition) => (await apply(user, draft, condition)).user,

    async delete(user) {
      const deleted = await users.delete(user.id)
      if (!deleted) throw errors.notFound()
      if (deleted.avatar !== null) await discardUnused(deleted.avatar)
      await forgetChanges(user.id)
      await events.deleted(user)
    },

    exists: async (id) => (await users.findById(id)) !== undefined
  }
}
