import type { Log } from '../../src/log.ts'
import type { User } from '../../src/users/user.ts'
import type { UserEvents } from '../../src/users/user-events.ts'

/**
 * What a host app is told of its users, as answers show them; each is called after the commit. The answer waits for what
 * they return, and what they throw is logged: it changes no answer, for the change has happened.
 */
export interface LifecycleHooks<Profile> {
  /** An account came to be: by sign-up, or by the first token of somebody whom an identity provider knows. */
  onSignUp?: (user: Profile) => unknown
  /** An update that was written, whether or not it made a difference; `before` is the profile of the moment before. */
  onProfileUpdate?: (before: Profile, after: Profile) => unknown
  /** A picture was set, replaced or taken away. */
  onAvatarChange?: (before: Profile, after: Profile) => unknown
  /** An account is gone; this was it. */
  onDelete?: (user: Profile) => unknown
}

/** The services' events as calls of the host's hooks. */
export function callHooks<Profile>(
  hooks: LifecycleHooks<Profile>,
  present: (user: User) => Profile,
  log: Log
): UserEvents {
  async function call(name: keyof LifecycleHooks<Profile>, users: User[]): Promise<void> {
    const hook: ((...profiles: Profile[]) => unknown) | undefined = hooks[name]
    if (!hook) return
    try {
      await hook(...users.map(present))
    } catch (error) {
      log.error({ err: error, userId: users[0]?.id }, `the hook ${name} failed`)
    }
  }
  return {
    signedUp: (user) => call('onSignUp', [user]),
    async updated(before, after) {
      await call('onProfileUpdate', [before, after])
      if (before.avatar !== after.avatar) await call('onAvatarChange', [before, after])
    },
    deleted: (user) => call('onDelete', [user])
  }
}
