import { groupTokens, judgeAccount } from './judge-account.ts'
import type { Change } from './known-account.ts'
import type { Owned } from './probe.ts'
import type { Rows } from './rows.ts'
import { settle } from './settle.ts'

export interface Report {
  count(name: string, by?: number): void
  fail(text: string): void
}

/** Compares all accounts with the rows, and takes over what became of requests that were not answered. */
export function judgeAll(owned: Owned[], rows: Rows, { count, fail }: Report) {
  const tokensOf = groupTokens(rows)
  const interrupted: (Owned & { change: Change })[] = []
  const newPasswords: Owned[] = []
  for (const one of owned) {
    const { account } = one
    const { pending } = account
    const hadPasswords = account.passwords > 0
    const verdict = judgeAccount(account, rows, tokensOf)
    for (const { kind, text } of verdict.findings) {
      count(kind)
      fail(`${kind}: ${text}`)
    }
    count('accounts compared')
    if (pending) count(verdict.done ? 'in flight, and done' : 'in flight, and not done')
    settle(account, verdict)
    if (account.deleted) continue
    if (pending && (pending.kind === 'refresh' || verdict.done)) interrupted.push({ ...one, change: pending })
    if (hadPasswords || (pending?.kind === 'password' && verdict.done)) newPasswords.push(one)
  }
  return { interrupted, newPasswords }
}

/** Rows that no client knows of. */
export function findUnasked(owned: Owned[], rows: Rows, fail: Report['fail']): void {
  const known = new Set(owned.map(({ account }) => account.id))
  for (const id of rows.users.keys()) if (!known.has(id)) fail(`torn: nobody asked for account ${id}`)
  for (const { id, tokens } of rows.sessions) if (tokens.size === 0) fail(`torn: session ${id} has no token`)
}
