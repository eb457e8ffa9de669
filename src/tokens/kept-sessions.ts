import { isUnauthenticated } from '../errors.ts'
import type { Log } from '../log.ts'
import type { User } from '../users/user.ts'
import type { Sessions } from './sessions.ts'

/** A session as it goes on: `refresh` is for its keeper, `access` for whoever asked. */
export interface KeptSession {
  refresh: string
  access: string
  user: User
}

/** Sessions whose refresh token somebody else keeps than who uses them: a browser, for its pages. */
export interface KeptSessions {
  /**
   * Begins to keep a session, and ends those that were kept before in its place.
   * @param older tokens, good or not
   * @throws the 401 that fits
   */
  keep(refreshToken: string, older: readonly string[]): Promise<KeptSession>
  /** @throws the 401 that fits */
  resume(refreshToken: string): Promise<KeptSession>
  /** Afterwards the session of a token is over, whether or not it was before. */
  end(refreshToken: string): Promise<void>
}

/**
 * Who holds the access token can have another one at any time by the cookie, and needs none that lasts; who stole it has that
 * one alone.
 */
const ACCESS_MAX_SECONDS = 900

export function createKeptSessions(sessions: Sessions, log: Log): KeptSessions {
  async function resume(refreshToken: string): Promise<KeptSession> {
    const { refresh = refreshToken, ...rest } = await sessions.resume(refreshToken, ACCESS_MAX_SECONDS)
    return { refresh, ...rest }
  }

  /** @param except a token whose session goes on */
  async function end(token: string, except?: string): Promise<void> {
    if (await passes(() => sessions.end(token, except))) return
    // A tab may just have used it up, and the session lives. Used again it leads there; too late, that alone ends the session.
    await passes(async () => {
      const { refresh } = await sessions.refresh(token)
      if (refresh !== undefined) await sessions.end(refresh, except)
    })
  }

  return {
    async keep(refreshToken, older) {
      const kept = await resume(refreshToken)
      for (const token of older) {
        // Who has signed in is not refused for what became of an older session: that expires by itself.
        await end(token, kept.refresh).catch((error) =>
          log.warn({ err: error, userId: kept.user.id }, 'an older session of the same browser goes on')
        )
      }
      return kept
    },
    resume,
    end: (token) => end(token)
  }
}

/** Whether it was done; false where the token is not good for it. */
async function passes(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (isUnauthenticated(error)) return false
    throw error
  }
}
