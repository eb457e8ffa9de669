import { asAnswered, type KnownAccount, tokenId } from '../harness/known-account.ts'
import type { Rows } from '../harness/rows.ts'
import type { History, Version } from './history.ts'

/** When a backup was begun and had ended. */
export interface Period {
  from: number
  until: number
}

/** Which of an account's versions the rows may be. */
export interface Placed {
  account: KnownAccount
  versions: Version[]
  /** The first and the last that they fit; −1 is before its sign-up, 1.5 in the middle of the write that leads to 2. */
  first: number
  last: number
}

interface Report {
  count(what: string, by?: number): void
  fail(sentence: string): void
}

/**
 * Whether rows are those of one instant within a period: of each account they are as after one of its writes; what was
 * answered before is there, what was begun after is not; and no write is there whose asking came after the answer to one that
 * is not, whosever accounts they are.
 */
export function judgeCut(history: History, rows: Rows, period: Period, report: Report): Placed[] {
  const { count, fail } = report
  for (const text of rows.damage) fail(text)
  const placed = [...history.accounts()].flatMap(
    ([account, versions]) => place(account, versions, rows, fail) ?? []
  )
  const latest = Math.max(...placed.map(({ versions, first }) => versions[Math.ceil(first)]?.begunAt ?? 0))
  for (const { account, versions, first, last } of placed) {
    count('writes compared', versions.length)
    const lost = versions[Math.floor(last) + 1]
    if (lost && lost.answeredAt < period.from) {
      count('losses')
      fail(`loss: the ${lost.kind} of account ${account.id} was answered before the backup began`)
    }
    if (lost && lost.answeredAt < latest) {
      count('inconsistent')
      fail(
        `no instant: the ${lost.kind} of account ${account.id} was answered before another that is there was asked for`
      )
    }
    const early = versions[Math.ceil(first)]
    if (early && early.begunAt > period.until)
      fail(`a ${early.kind} is there that was asked for after the backup`)
    count('of them answered while the backup was made', versions.filter(isWithin(period)).length)
  }
  const known = new Set([...history.accounts()].map(([{ id }]) => id))
  for (const id of rows.users.keys()) if (!known.has(id)) fail(`nobody asked for account ${id}`)
  return placed
}

const isWithin =
  ({ from, until }: Period) =>
  ({ answeredAt }: Version) =>
    answeredAt >= from && answeredAt <= until

function place(
  account: KnownAccount,
  versions: Version[],
  rows: Rows,
  fail: Report['fail']
): Placed | undefined {
  const fitting = [-1, ...versions.keys()].flatMap((index) => [
    ...(isInTheMiddle(versions, index, account, rows) ? [index - 0.5] : []),
    ...(isAs(versions[index], account, rows) ? [index] : [])
  ])
  const [first, last] = [fitting[0], fitting.at(-1)]
  if (first !== undefined && last !== undefined) return { account, versions, first, last }
  fail(`torn: account ${account.id} is as it was after none of its ${versions.length} writes`)
  return undefined
}

/** What is answered with a new session is written by two commits, the session's last. */
function isInTheMiddle(versions: Version[], index: number, account: KnownAccount, rows: Rows): boolean {
  const version = versions[index]
  if (!version || !['sign-up', 'sign-in', 'password'].includes(version.kind)) return false
  const before = versions[index - 1]?.sessions.length ?? 0
  return isAs({ ...version, sessions: version.sessions.slice(0, before) }, account, rows)
}

/** @param version undefined: before its sign-up */
function isAs(version: Version | undefined, { id, sessions }: KnownAccount, rows: Rows): boolean {
  const row = id === undefined ? undefined : rows.users.get(id)
  if (!row || !version?.exists) return !row && !version?.exists
  if (row.avatar !== version.avatar) return false
  if (Object.entries(version.texts).some(([name, text]) => row[name as keyof typeof row] !== text))
    return false
  if ((row.last_login === null ? null : asAnswered(row.last_login)) !== version.lastLogin) return false
  return sessions.every(({ tokens }, index) => {
    const { tokens: count, ended } = version.sessions[index] ?? { tokens: 0, ended: false }
    const session = rows.sessionOfToken.get(tokenId(tokens[0] ?? ''))
    if (!session) return count === 0
    return session.tokens.size === count && (session.endedAt !== null) === ended
  })
}
