import type { Client, User } from '../../../../client/create-client.ts'
import { isProfileError } from '../../../../client/profile-error.ts'
import type { SendOptions } from '../../../../client/progress.ts'

/** What came of a change: it is made, or somebody else changed the picture meanwhile, whom it would overwrite. */
export type Outcome = { kind: 'saved' | 'overtaken'; user: User }

/** So often at most, where other fields are changed again and again meanwhile. */
const TRIES = 3

interface SaveOptions extends SendOptions {
  /** Whom the page shows. */
  basedOn: User
}

export const saveAvatar = (client: Client, file: Blob, { basedOn, ...sending }: SaveOptions) =>
  change(client, basedOn, (user) => client.setAvatar(file, { ...sending, basedOn: user }))

export const removeAvatar = (client: Client, basedOn: User) =>
  change(client, basedOn, (user) => client.removeAvatar({ basedOn: user }))

/** A picture is no part of what other fields were changed to, so that the change is made again after those. */
async function change(client: Client, shown: User, make: (user: User) => Promise<User>): Promise<Outcome> {
  let user = shown
  for (let tries = 1; ; tries++) {
    try {
      return { kind: 'saved', user: await make(user) }
    } catch (error) {
      const isStale = isProfileError(error) && error.status === 412
      if (!isStale || tries === TRIES) throw error
      user = await client.profile()
      if (user.avatar !== shown.avatar) return { kind: 'overtaken', user }
    }
  }
}
