import { type KnownAccount, tokenId } from './known-account.ts'
import type { Rows, SessionRow, UserRow } from './rows.ts'

/** What is wrong with an account after a crash. */
export interface Finding {
  /** `loss`: what was acknowledged is not there. `torn`: what was not is there in part, or nobody asked for it. */
  kind: 'loss' | 'torn'
  text: string
}

export interface Judged {
  account: KnownAccount
  row: UserRow
  rows: Rows
  /** The ids of all refresh tokens of the user. */
  tokens: string[]
  find(kind: Finding['kind'], text: string): void
}

/** The epoch, the password and the sessions change together. @returns whether a revocation that was not answered took place */
export function judgeRevocation({ account, row, rows, find }: Judged): boolean {
  const { pending, observed, revocations, passwords, sessions } = account
  const mayRevoke = pending?.kind === 'password' || pending?.kind === 'sign-out'
  const live = sessions.filter(({ ended }) => !ended)
  const endedNow = live.filter((session) => isEnded(session.tokens, rows))
  const allEnded = live.length > 0 && endedNow.length === live.length
  if (mayRevoke && endedNow.length > 0 && !allEnded) find('torn', 'some of its sessions have ended')
  const isMoved = row.token_epoch > (observed?.epoch ?? 0)
  const isChanged = observed !== undefined && row.password !== observed.hash
  if (revocations > 0 && !isMoved) find('loss', 'its tokens were revoked, and its epoch stands still')
  if (passwords > 0 && observed && !isChanged) find('loss', 'it has its old password')
  if (revocations > 0) return mayRevoke && allEnded
  if (isMoved && !mayRevoke) find('torn', 'its epoch moved by itself')
  if (isChanged && pending?.kind !== 'password') find('torn', 'its password changed by itself')
  if (mayRevoke && isMoved !== allEnded)
    find('torn', 'its epoch moved without its sessions, or they without it')
  if (pending?.kind === 'password' && observed && isMoved !== isChanged)
    find('torn', 'its epoch moved without its password, or that without it')
  return mayRevoke && isMoved
}

/** @returns tokens that no answer brought, of requests that were cut off */
export function judgeTokens(judged: Judged): string[] {
  const { account, rows, tokens: found, find } = judged
  for (const [index, { tokens }] of account.sessions.entries()) {
    const session = sessionOf(tokens, rows)
    if (session) judgeSession(judged, session, index)
    else find('loss', 'a session is not there')
  }
  const known = new Set(account.sessions.flatMap(({ tokens }) => tokens.map(tokenId)))
  const foreign = found.filter((jti) => !known.has(jti) && !account.foreign.has(jti))
  const { pending } = account
  const mayBring = pending && ['refresh', 'sign-in', 'password'].includes(pending.kind) ? 1 : 0
  if (foreign.length > mayBring) find('torn', `it has ${foreign.length} tokens that nobody asked for`)
  return foreign
}

function judgeSession({ account, find }: Judged, session: SessionRow, index: number): void {
  const { pending, sessions, id } = account
  const { tokens = [], ended = false, isSpent = false } = sessions[index] ?? {}
  if (session.userId !== id) find('torn', 'a session is another user’s')
  if (ended && session.endedAt === null) find('loss', 'an ended session goes on')
  const mayEnd =
    pending?.kind === 'password' ||
    pending?.kind === 'sign-out' ||
    (pending?.kind === 'end-session' && pending.session === index)
  if (!ended && session.endedAt !== null && !mayEnd) find('torn', 'a session ended by itself')
  const known = new Set(tokens.map(tokenId))
  const hasSuccessor = [...session.tokens].some(([jti, usedAt]) => !known.has(jti) && usedAt === null)
  const mayUse = isSpent || (pending?.kind === 'refresh' && pending.session === index)
  for (const [place, token] of tokens.entries()) {
    const usedAt = session.tokens.get(tokenId(token))
    const isLast = place === tokens.length - 1
    if (usedAt === undefined) find('loss', 'a refresh token is not there')
    else if (!isLast && usedAt === null) find('loss', 'a refresh token was used and doesn’t show it')
    else if (isLast && usedAt !== null && !mayUse) find('torn', 'a refresh token is used by itself')
    else if (isLast && usedAt !== null && !hasSuccessor)
      find('torn', 'a refresh token is used up, and has no successor')
  }
}

const sessionOf = ([first]: readonly string[], { sessionOfToken }: Rows) =>
  first === undefined ? undefined : sessionOfToken.get(tokenId(first))

/** Whether the session that these tokens are of has ended by the rows. */
export function isEnded(tokens: readonly string[], rows: Rows): boolean {
  const session = sessionOf(tokens, rows)
  return session !== undefined && session.endedAt !== null
}
