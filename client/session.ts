import type { Answer } from './answer.ts'
import { errorOf, type ProfileError } from './profile-error.ts'
import type { TokenStore, Tokens } from './tokens.ts'

/** Sends a request with an access token, or without where there is none. It may be called twice. */
export type Send = (access?: string) => Promise<Response>

export interface SessionOptions {
  tokens: TokenStore
  /** Asks for tokens in the place of these; undefined where nobody could answer any. */
  refresh(current: Tokens): Promise<Answer<Tokens>> | undefined
  /** Called once when a refresh token is no longer taken. */
  onSignedOut?: ((error: ProfileError) => void) | undefined
}

/**
 * Makes what sends a request, and sends it once more with a new token where the service no longer takes the first. However
 * many find their token expired, one refresh serves them all.
 */
export function createSession({
  tokens,
  refresh,
  onSignedOut
}: SessionOptions): (send: Send) => Promise<Response> {
  let renewing: Promise<Tokens | undefined> | undefined

  /** Tokens in the place of some that failed; undefined where there can be none. */
  async function renew(failed: Tokens): Promise<Tokens | undefined> {
    const current = await tokens.get()
    // Somebody else was faster: another tab, or a sign-in.
    if (!current || current.access !== failed.access) return current
    const answer = await refresh(current)
    if (!answer) return current
    const { data, error: refusal, response } = answer
    const latest = await tokens.get()
    if (latest?.access !== current.access) return latest
    if (data) {
      const next = { ...current, ...data }
      await tokens.set(next)
      return next
    }
    const error = errorOf(response, refusal)
    if (error.status === 401) {
      await tokens.set(undefined)
      onSignedOut?.(error)
    }
    throw error
  }

  return async (send) => {
    const used = await tokens.get()
    const response = await send(used?.access)
    if (!used || response.status !== 401) return response
    const work = () => renew(used)
    renewing ??= (tokens.lock?.(work) ?? work()).finally(() => {
      renewing = undefined
    })
    const renewed = await renewing
    return renewed && renewed.access !== used.access ? send(renewed.access) : response
  }
}
