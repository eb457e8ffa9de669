import { type Finding, isEnded, type Judged, judgeRevocation, judgeTokens } from './judge-sessions.ts'
import { asAnswered, type Change, type KnownAccount, type Texts } from './known-account.ts'
import type { Rows, UserRow } from './rows.ts'

/** What became of an account. */
export interface Verdict {
  findings: Finding[]
  /** Whether the request that was not answered took place. */
  done: boolean
  row: UserRow | undefined
  /** The tokens that no answer brought. */
  foreign: string[]
}

/** The ids of all refresh tokens of a user. */
export type TokensOf = (userId: number) => string[]

export function groupTokens({ sessions }: Rows): TokensOf {
  const byUser = new Map<number, string[]>()
  for (const { userId, tokens } of sessions)
    byUser.set(userId, [...(byUser.get(userId) ?? []), ...tokens.keys()])
  return (userId) => byUser.get(userId) ?? []
}

/** Compares an account as its client knows it with the rows, which may hold what was asked for and not answered, whole. */
export function judgeAccount(account: KnownAccount, rows: Rows, tokensOf: TokensOf): Verdict {
  const { pending } = account
  const row = findRow(account, rows)
  const findings: Finding[] = []
  const name = `account ${account.id ?? '?'} (${account.texts.email}, in flight: ${pending?.kind ?? 'nothing'})`
  const find = (kind: Finding['kind'], text: string) => void findings.push({ kind, text: `${name}: ${text}` })
  const verdict = (done: boolean, foreign: string[] = []): Verdict => ({ findings, done, row, foreign })

  if (!row) {
    const mayBeMissing = account.deleted || pending?.kind === 'delete' || pending?.kind === 'sign-up'
    if (!mayBeMissing) find('loss', 'it is not there')
    return verdict(pending?.kind === 'delete')
  }
  if (account.deleted) {
    find('loss', 'it was deleted and is there')
    return verdict(false)
  }
  const judged = { account, row, rows, tokens: tokensOf(row.id), find }
  if (pending?.kind === 'sign-up') {
    judgeSignUp(judged, pending.texts)
    return verdict(true, judged.tokens)
  }
  const isUpdated = judgeTexts(judged)
  judgeSignIn(judged)
  const isRevoked = judgeRevocation(judged)
  const foreign = judgeTokens(judged)
  const isOver =
    pending?.kind === 'end-session' && isEnded(account.sessions[pending.session]?.tokens ?? [], rows)
  return verdict(isUpdated || isRevoked || isOver || foreign.length > 0, foreign)
}

/** One that was not answered is there whole; its session of one token is a second commit. */
function judgeSignUp({ row, tokens, find }: Judged, texts: Texts): void {
  const differing = differences(row, texts)
  if (differing.length > 0) find('torn', `it was made without its ${differing.join()}`)
  if (tokens.length > 1) find('torn', `its sign-up left ${tokens.length} tokens`)
}

/** @returns whether an update that was not answered took place */
function judgeTexts({ account, row, find }: Judged): boolean {
  const { pending, texts, avatar, dateJoined } = account
  if (asAnswered(row.date_joined) !== dateJoined) find('loss', 'it joined at another time')
  const lost = differences(row, texts)
  if (row.avatar !== avatar) lost.push('avatar')
  if (lost.length === 0) return false
  if (pending?.kind !== 'update') {
    find('loss', `its ${lost} is not as acknowledged`)
    return false
  }
  const missing = differences(row, { ...texts, ...pending.texts })
  if (!isAvatarAfter(pending, avatar, row.avatar)) missing.push('avatar')
  if (missing.length === 0) return true
  // What is neither as before nor as after was lost before that update.
  if (missing.some((name) => lost.includes(name))) find('loss', `its ${lost} is not as acknowledged`)
  else find('torn', `an update wrote its ${lost} and not its ${missing}`)
  return false
}

function judgeSignIn({ account, row: { last_login: at }, find }: Judged): void {
  const isKnown = (at === null ? null : asAnswered(at)) === account.lastLogin
  if (!isKnown && account.pending?.kind !== 'sign-in')
    find('loss', `its last sign-in is not ${account.lastLogin}`)
}

function findRow({ id, pending }: KnownAccount, { users }: Rows): UserRow | undefined {
  if (id !== undefined) return users.get(id)
  if (pending?.kind !== 'sign-up') return undefined
  return [...users.values()].find(({ email }) => email === pending.texts.email)
}

const differences = (row: UserRow, texts: Partial<Texts>): string[] =>
  Object.entries(texts).flatMap(([name, text]) => (row[name as keyof Texts] === text ? [] : name))

type Update = Change & { kind: 'update' }

function isAvatarAfter({ avatar }: Update, before: string | null, found: string | null): boolean {
  if (avatar === 'kept') return found === before
  return avatar === 'removed' ? found === null : found !== null && found !== before
}
