import { client, type User } from '../../shared/client.ts'
import { signal } from '../../shared/signal.ts'
import { tellTabs } from '../../shared/tabs.ts'
import { hasUnsaved } from '../../shared/unsaved.ts'

/** Why nothing can be saved while the page still has what was typed. */
export type Interruption = 'ended' | 'signed-out-elsewhere' | 'somebody-else'

export type Account =
  | { kind: 'starting' }
  /** Whether somebody is signed in can't be found out. */
  | { kind: 'unknown'; error: unknown }
  | { kind: 'signed-out'; how?: SignedOut }
  /** The user is one that an update can be based on. */
  | { kind: 'signed-in'; user: User; interruption?: Interruption }
  | { kind: 'deleted'; username: string }

/** `unfinished`: the service was not reached, and the browser may still have the session. */
export type SignedOut = 'here' | 'everywhere' | 'elsewhere' | 'unfinished'

/** Whose page it is. */
export const account = signal<Account>({ kind: 'starting' })

/** Asks whose session the browser has. */
export async function start(): Promise<void> {
  account.set({ kind: 'starting' })
  try {
    const resumed = await client.resume()
    account.set(resumed ? { kind: 'signed-in', user: await client.profile() } : { kind: 'signed-out' })
  } catch (error) {
    account.set({ kind: 'unknown', error })
  }
}

/** Shows the page of who has signed in, or up, in this tab. Whoever was there before goes on with what they typed. */
export async function begin(): Promise<void> {
  try {
    const user = await client.profile()
    account.set({ kind: 'signed-in', user })
    tellTabs({ kind: 'signed-in', id: user.id })
  } catch (error) {
    if (account.get().kind === 'signed-in') throw error
    // They are signed in, and a new account is made: to ask again is all there is to do.
    account.set({ kind: 'unknown', error })
  }
}

/** Takes over what the service answers of the user, and tells the other tabs where this one has changed it. */
export function update(user: User, { isOwn = false } = {}): void {
  const current = account.get()
  // Their page may be gone by now.
  if (current.kind !== 'signed-in' || current.user.id !== user.id) return
  if (current.user !== user) account.set({ ...current, user })
  if (isOwn) tellTabs({ kind: 'changed', id: user.id })
}

/**
 * Asks whether the profile is still what is shown, which costs next to nothing where it is.
 * @returns what is shown then; undefined where nobody's session goes on
 */
export async function refresh(): Promise<User | undefined> {
  for (;;) {
    const before = account.get()
    if (before.kind !== 'signed-in' || before.interruption) return undefined
    const user = await client.profile({ known: before.user })
    const current = account.get()
    if (current.kind !== 'signed-in' || current.user === before.user) {
      update(user)
      return user
    }
    // A save was answered meanwhile: which of the two is the newer one, only another question tells.
  }
}

export async function signOut(): Promise<void> {
  try {
    await client.signOut()
    leave({ kind: 'signed-out', how: 'here' })
  } catch {
    leave({ kind: 'signed-out', how: 'unfinished' })
  }
}

export async function signOutEverywhere(): Promise<void> {
  await client.signOutEverywhere()
  leave({ kind: 'signed-out', how: 'everywhere' })
}

export async function deleteAccount({ username }: User): Promise<void> {
  await client.deleteAccount()
  leave({ kind: 'deleted', username })
}

function leave(next: Account): void {
  account.set(next)
  tellTabs({ kind: 'signed-out' })
}

/** The session is not the page's any more: what was typed waits for its user, and where nothing was, nobody has to be asked. */
export function interrupt(interruption: Interruption): void {
  const current = account.get()
  if (current.kind !== 'signed-in') return
  // What was covered stays covered.
  if (interruption === 'ended' && current.interruption) return
  if (interruption === 'ended' || hasUnsaved()) account.set({ ...current, interruption })
  else giveUp(interruption)
}

/** Whether the session that a request was refused for is still the page's user's; where it isn't, the page shows that. */
export async function goesOn(): Promise<boolean> {
  const before = account.get()
  if (before.kind !== 'signed-in' || before.interruption) return false
  const resumed = await client.resume()
  if (resumed?.id === before.user.id) return true
  interrupt(resumed ? 'somebody-else' : 'ended')
  return false
}

/** Goes on without what was typed. */
export function giveUp(interruption: Interruption): void {
  if (interruption === 'somebody-else') void start()
  else
    account.set(interruption === 'ended' ? { kind: 'signed-out' } : { kind: 'signed-out', how: 'elsewhere' })
}
