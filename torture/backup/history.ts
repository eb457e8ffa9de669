import type { WriteObserver } from '../harness/busy-client.ts'
import type { Change, KnownAccount, Texts } from '../harness/known-account.ts'

/** An account as it was after one write, and when that was asked for and answered, by the monotonic clock. */
export interface Version {
  kind: Change['kind']
  begunAt: number
  /** Infinity until it is answered. */
  answeredAt: number
  exists: boolean
  texts: Texts
  avatar: string | null
  lastLogin: string | null
  access: string | undefined
  /** How many tokens each session had, and whether it had ended. */
  sessions: { tokens: number; ended: boolean }[]
}

export interface History {
  observer: WriteObserver
  /** What each account was, in order. */
  accounts(): Iterable<[KnownAccount, Version[]]>
}

/** Remembers all that clients wrote. */
export function createHistory(onAnswer: (kind: Change['kind']) => void): History {
  const versions = new Map<KnownAccount, Version[]>()
  return {
    accounts: () => versions,
    observer: {
      begun(account, { kind }) {
        const known = versions.get(account) ?? []
        known.push({ ...stateOf(account), kind, begunAt: performance.now(), answeredAt: Infinity })
        versions.set(account, known)
      },
      acknowledged(account, { kind }) {
        const version = versions.get(account)?.at(-1)
        if (version) Object.assign(version, stateOf(account), { answeredAt: performance.now() })
        onAnswer(kind)
      }
    }
  }
}

const stateOf = ({ id, texts, avatar, lastLogin, access, sessions, deleted }: KnownAccount) => ({
  exists: id !== undefined && !deleted,
  texts,
  avatar,
  lastLogin,
  access,
  sessions: sessions.map(({ tokens, ended }) => ({ tokens: tokens.length, ended }))
})
