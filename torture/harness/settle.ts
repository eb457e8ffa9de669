import type { Verdict } from './judge-account.ts'
import { asAnswered, endSession, type KnownAccount, revoke } from './known-account.ts'

/** Takes over what became of the request that was not answered, and remembers how the account was found. */
export function settle(account: KnownAccount, { done, row, foreign }: Verdict): void {
  const { pending } = account
  account.pending = undefined
  account.deleted = row === undefined
  if (!row) return
  if (done && pending) {
    if (pending.kind === 'sign-up') {
      account.id = row.id
      account.texts = pending.texts
      account.password = pending.password
      account.dateJoined = asAnswered(row.date_joined)
    }
    if (pending.kind === 'update') {
      account.texts = { ...account.texts, ...pending.texts }
      account.avatar = row.avatar
    }
    if (pending.kind === 'end-session') endSession(account, pending.session)
    if (pending.kind === 'password') {
      account.oldPassword = account.password
      account.password = pending.next
    }
    if (pending.kind === 'password' || pending.kind === 'sign-out') revoke(account)
  }
  if (row.last_login !== null) account.lastLogin = asAnswered(row.last_login)
  for (const jti of foreign) account.foreign.add(jti)
  account.observed = { hash: row.password, epoch: row.token_epoch }
  account.revocations = 0
  account.passwords = 0
}
