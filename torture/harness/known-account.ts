import type { AnswerBody, AnsweredUser } from './connection.ts'

export interface Texts {
  username: string
  email: string
  first_name: string
  last_name: string
  number_phone: string | null
}

/** A write that a client asks for. Sessions are named by their place among the account's. */
export type Change =
  | { kind: 'sign-up'; texts: Texts; password: string }
  | { kind: 'update'; texts: Partial<Texts>; avatar: 'kept' | 'uploaded' | 'removed' }
  | { kind: 'refresh'; session: number }
  | { kind: 'sign-in' }
  | { kind: 'end-session'; session: number }
  | { kind: 'password'; next: string }
  | { kind: 'sign-out' }
  | { kind: 'delete' }

export interface KnownSession {
  /** Refresh tokens in the order in which they were answered; all but the last are used up. */
  tokens: string[]
  /** When the last of them was answered, in epoch milliseconds. */
  since: number
  ended: boolean
  /** The last was used up by a request that was cut off, and too long ago to be used again. */
  isSpent?: boolean
}

/** What a client knows of an account of its own, by the answers it got. */
export interface KnownAccount {
  /** Undefined until its sign-up is answered. */
  id: number | undefined
  texts: Texts
  /** A file's name. */
  avatar: string | null
  password: string
  dateJoined: string | undefined
  lastLogin: string | null
  /** Undefined where it has to sign in first. */
  access: string | undefined
  sessions: KnownSession[]
  /** The last access token that a revocation has ended. */
  deadAccess: string | undefined
  /** The last password that another has replaced. */
  oldPassword: string | undefined
  deleted: boolean
  /** What was asked for and not answered: it may have happened or not. */
  pending: Change | undefined
  /** How many revocations of all tokens, and changes of the password, were answered since it was last looked at. */
  revocations: number
  passwords: number
  /** As it was last looked at; undefined for never. */
  observed: { hash: string; epoch: number } | undefined
  /** Refresh tokens that were found and that no answer brought: of requests that were cut off. */
  foreign: Set<string>
}

const NO_TEXTS: Texts = { username: '', email: '', first_name: '', last_name: '', number_phone: null }

/** An account before its sign-up. */
export const unknownAccount = (): KnownAccount => ({
  id: undefined,
  texts: NO_TEXTS,
  avatar: null,
  password: '',
  dateJoined: undefined,
  lastLogin: null,
  access: undefined,
  sessions: [],
  deadAccess: undefined,
  oldPassword: undefined,
  deleted: false,
  pending: undefined,
  revocations: 0,
  passwords: 0,
  observed: undefined,
  foreign: new Set()
})

export const avatarName = (path: string | null) => path?.replace('/media/avatars/', '') ?? null

/** The `jti` of a token. */
export function tokenId(token: string): string {
  const claims = JSON.parse(String(Buffer.from(token.split('.')[1] ?? '', 'base64url')))
  return String(claims.jti)
}

/** Takes over what an answer has acknowledged. */
export function acknowledge(account: KnownAccount, change: Change, { json, at }: Acknowledgement): void {
  const { refresh, access, user } = json
  account.pending = undefined
  switch (change.kind) {
    case 'sign-up':
      account.id = user?.id
      account.texts = change.texts
      account.password = change.password
      account.dateJoined = user?.date_joined
      break
    case 'update':
      account.texts = { ...account.texts, ...change.texts }
      account.avatar = avatarName((json as unknown as AnsweredUser).avatar)
      break
    case 'sign-in':
      account.lastLogin = user?.last_login ?? null
      break
    case 'refresh':
      account.sessions[change.session]?.tokens.push(refresh ?? '')
      break
    case 'end-session':
      endSession(account, change.session)
      break
    case 'password':
      account.oldPassword = account.password
      account.password = change.next
      account.passwords++
      revoke(account)
      break
    case 'sign-out':
      revoke(account)
      break
    case 'delete':
      account.deleted = true
  }
  if (access !== undefined) account.access = access
  if (change.kind === 'refresh') touch(account.sessions[change.session], at)
  else if (refresh !== undefined) account.sessions.push({ tokens: [refresh], since: at, ended: false })
}

/** An answer of 2xx, and when it came. */
export interface Acknowledgement {
  json: AnswerBody
  at: number
}

function touch(session: KnownSession | undefined, at: number): void {
  if (session) session.since = at
}

export function endSession(account: KnownAccount, index: number): void {
  const session = account.sessions[index]
  if (session) session.ended = true
}

/** All tokens of the account are dead. */
export function revoke(account: KnownAccount): void {
  account.revocations++
  account.deadAccess = account.access ?? account.deadAccess
  account.access = undefined
  for (const session of account.sessions) session.ended = true
}

/** A time of a row as answers have it, to the second. */
export const asAnswered = (time: number) => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
