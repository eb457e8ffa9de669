import type { Client } from 'openapi-fetch'
import { type Answer, take } from './answer.ts'
import type { components, paths } from './openapi.ts'
import { isProfileError } from './profile-error.ts'
import type { TokenStore, Tokens } from './tokens.ts'

type User = components['schemas']['User']

/** Who keeps the refresh token of a session. */
export interface SessionKeeper {
  /** @param signedIn a session that has just begun, and whose it is */
  begin(signedIn: Tokens & { refresh: string }): Promise<void>
  /** Asks for tokens in the place of these; undefined where nobody could answer any. */
  refresh(current: Tokens): Promise<Answer<Tokens>> | undefined
  /** Whose session goes on from before; undefined for nobody's. */
  resume(): Promise<User | undefined>
  /** Ends the session, of which nothing is kept in any case. */
  end(): Promise<void>
}

export interface KeeperOptions {
  tokens: TokenStore
  api: Client<paths>
  /** Sends what brings no access token. */
  reach(request: Request): Promise<Response>
}

/** Whoever has the store of tokens has the refresh token too. */
export function keepInStore({ tokens, api, reach }: KeeperOptions): SessionKeeper {
  return {
    begin: async (signedIn) => tokens.set(signedIn),
    refresh: ({ refresh }) =>
      refresh ? api.POST('/token/refresh/', { body: { refresh }, fetch: reach }) : undefined,
    async resume() {
      return (await tokens.get()) && takeUnlessNobody(() => api.GET('/profile/'))
    },
    async end() {
      const refresh = (await tokens.get())?.refresh
      await tokens.set(undefined)
      // One that is not good any more has ended already.
      if (refresh) await takeUnlessNobody(() => api.POST('/token/blacklist/', { body: { refresh } }))
    }
  }
}

/** What only a script of the service's own origin can send. It goes on where the page doesn't: its answer brings a cookie. */
const FROM_PAGE = { params: { header: { 'x-same-origin': '1' } }, keepalive: true } as const

/**
 * The browser has it, in a cookie that no script can read; whoever has the tokens has an access token alone.
 * @param inTurn runs one piece of work at a time among all pages that have the cookie
 */
export function keepInCookie(
  { tokens, api, reach }: KeeperOptions,
  inTurn: NonNullable<TokenStore['lock']>
): SessionKeeper {
  const options = { ...FROM_PAGE, fetch: reach }
  const ask = () => api.POST('/session/', options)
  return {
    async begin({ access, refresh, id }) {
      await tokens.set({ access, ...(id && { id }) })
      try {
        const kept = take(await inTurn(() => api.PUT('/session/', { ...options, body: { refresh } })))
        // Its own lasts shorter.
        if ((await tokens.get())?.access === access)
          await tokens.set({ id: kept.user.id, access: kept.access })
      } catch (error) {
        // They are signed in for as long as the page is open, and a new account or password is there: that has not failed.
        if (isProfileError(error) && (error.status === 429 || error.status >= 500 || !error.status)) return
        await tokens.set(undefined)
        throw error
      }
    },

    async refresh({ id }) {
      const { data, ...refused } = await ask()
      if (!data) return refused
      const { access, user } = data
      // What is on the page is not theirs.
      return !id || user.id === id ? { ...refused, data: { access, id: user.id } } : someoneElse()
    },

    async resume() {
      const signedIn = await takeUnlessNobody(() => inTurn(ask))
      await tokens.set(signedIn && { access: signedIn.access, id: signedIn.user.id })
      return signedIn?.user
    },

    async end() {
      await tokens.set(undefined)
      take(await inTurn(() => api.DELETE('/session/', options)))
    }
  }
}

/** What was answered; undefined where it is that nobody is signed in. */
async function takeUnlessNobody<Data>(call: () => Promise<Answer<Data>>): Promise<Data | undefined> {
  try {
    return take(await call())
  } catch (error) {
    if (isProfileError(error) && error.status === 401) return undefined
    throw error
  }
}

const someoneElse = (): Answer<Tokens> => ({
  error: { detail: 'Somebody else has signed in with this browser.', code: 'other_user' },
  response: new Response(null, { status: 401 })
})
