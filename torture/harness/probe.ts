import type { Random } from '../../test/hostile/seeded.ts'
import type { BusyClient } from './busy-client.ts'
import { acknowledge, endSession, type KnownAccount, tokenId } from './known-account.ts'
import type { Rows } from './rows.ts'

/** An account with the client that knows it. */
export interface Owned {
  client: BusyClient
  account: KnownAccount
}

interface Options {
  origin: string
  random: Random
  /** How long a used refresh token may be used again. */
  graceMs: number
  /** Counts one look of a kind. */
  count(kind: string): void
  /** Told what was answered otherwise than it had to be. */
  fail(text: string): void
}

/** More than a clock's turn, and than an answer takes. */
const MARGIN_MS = 2000

/** Asks a running service whether tokens and passwords still are what they were before the crash. */
export function createProbe({ origin, random, graceMs, count, fail }: Options) {
  async function expectStatus(
    { client, account }: Owned,
    kind: string,
    status: number,
    call: Parameters<BusyClient['ask']>[1]
  ): Promise<void> {
    const answer = await client.ask(origin, call)
    count(kind)
    if (answer.status !== status)
      fail(`${kind}: account ${account.id} got ${answer.status} ${answer.body.subarray(0, 200)}`)
  }

  /** @throws where it is refused, which is told first */
  async function write({ client, account }: Owned, kind: string, change: Parameters<BusyClient['write']>[2]) {
    await client.write(origin, account, change).catch((error: unknown) => fail(`${kind}: ${error}`))
    account.pending = undefined
    count(kind)
  }

  const refreshCall = (refresh: string | undefined) => ({ path: '/api/token/refresh/', json: { refresh } })

  return {
    /** The token of a refresh that was cut off still works, or its client would have lost the session. */
    async resend({ client, account }: Owned, session: number, { sessionOfToken }: Rows): Promise<void> {
      const refresh = account.sessions[session]?.tokens.at(-1) ?? ''
      const jti = tokenId(refresh)
      const usedAt = sessionOfToken.get(jti)?.tokens.get(jti) ?? Number.POSITIVE_INFINITY
      const { status, json, body } = await client.ask(origin, refreshCall(refresh))
      const at = Date.now()
      if (status === 200) {
        count('cut refreshes sent again')
        acknowledge(account, { kind: 'refresh', session }, { json, at })
      } else if (at - usedAt > graceMs) {
        count('cut refreshes whose grace was over before the service was back')
        endSession(account, session)
        Object.assign(account.sessions[session] ?? {}, { isSpent: true })
      } else fail(`a refresh that was cut off is lost: account ${account.id} got ${status} ${body}`)
    },

    async newPassword(owned: Owned): Promise<void> {
      const { texts, oldPassword } = owned.account
      const json = { email: texts.email, password: oldPassword }
      await expectStatus(owned, 'old passwords refused', 400, { path: '/api/sign-in/', json })
      await write(owned, 'new passwords taken', { kind: 'sign-in' })
    },

    signIn: (owned: Owned) => write(owned, 'interrupted sign-ups signed in', { kind: 'sign-in' }),

    async profile(owned: Owned): Promise<void> {
      const { id, access: token, texts, avatar } = owned.account
      if (token === undefined) return
      const { json, status } = await owned.client.ask(origin, {
        method: 'GET',
        path: `/api/profile/${id}/`,
        token
      })
      count('profiles read')
      const expected = { ...texts, avatar: avatar === null ? null : `/media/avatars/${avatar}` }
      const differing = Object.entries(expected).filter(([name, value]) => json[name] !== value)
      if (status !== 200 || differing.length > 0)
        fail(`account ${id} is answered ${status} without ${differing}`)
    },

    /** Some session of an account. */
    async session(owned: Owned): Promise<void> {
      const { sessions } = owned.account
      const index = random.below(sessions.length)
      const session = sessions[index]
      if (!session) return
      if (session.ended)
        await expectStatus(owned, 'ended sessions refused', 401, refreshCall(session.tokens.at(-1)))
      else await write(owned, 'sessions refreshed', { kind: 'refresh', session: index })
    },

    /** A token that was used longer ago than the grace, where the account has one. It ends its session. */
    async usedToken(owned: Owned): Promise<boolean> {
      const before = Date.now() - graceMs - MARGIN_MS
      const index = owned.account.sessions.findIndex(
        ({ ended, tokens, since }) => !ended && tokens.length > 1 && since < before
      )
      const { tokens = [] } = owned.account.sessions[index] ?? {}
      if (tokens.length === 0) return false
      await expectStatus(owned, 'used tokens refused', 401, refreshCall(tokens.at(-2)))
      await expectStatus(owned, 'sessions of used tokens ended', 401, refreshCall(tokens.at(-1)))
      endSession(owned.account, index)
      return true
    },

    async deadAccess(owned: Owned): Promise<void> {
      const { id, deadAccess: token, deleted, access } = owned.account
      const path = `/api/profile/${id}/`
      if (token !== undefined)
        await expectStatus(owned, 'revoked access refused', 401, { method: 'GET', path, token })
      if (deleted && access !== undefined)
        await expectStatus(owned, 'deleted accounts refused', 401, { method: 'GET', path, token: access })
    }
  }
}
