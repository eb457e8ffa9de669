import { client, onSessionEnd } from '../../shared/client.ts'
import { identityOf } from '../../shared/credentials.ts'
import { signal } from '../../shared/signal.ts'
import { onTabMessage, type TabMessage, tellTabs } from '../../shared/tabs.ts'
import { hasUnsaved } from '../../shared/unsaved.ts'
import type { User } from '../api/user.ts'

/** Who is signed in. `unknown` where the service does not say. */
export type Session =
  | { kind: 'asking' }
  | { kind: 'unknown'; error: unknown }
  | { kind: 'out' }
  | { kind: 'in'; user: User }

export const session = signal<Session>({ kind: 'asking' })

/** Whether the session of who is shown as signed in has ended: what is on the page stays until they sign in again. */
export const hasEnded = signal(false)

/** How often somebody has signed in; what could not be loaded before is loaded then. */
export const signIns = signal(0)

/** Asks whose session the browser has. */
export async function findSession(): Promise<void> {
  session.set({ kind: 'asking' })
  hasEnded.set(false)
  try {
    const user = await client.resume()
    session.set(user ? { kind: 'in', user } : { kind: 'out' })
  } catch (error) {
    session.set({ kind: 'unknown', error })
  }
}

/** Follows what becomes of the session elsewhere, from the page's start on. */
export function followSession(): void {
  onSessionEnd(() => hasEnded.set(session.get().kind === 'in'))
  onTabMessage((message) => void hear(message))
}

/** Other tabs share the session. */
async function hear(message: TabMessage): Promise<void> {
  if (message.kind === 'changed') return
  const current = session.get()
  const isSame = current.kind === 'in' && message.kind === 'signed-in' && message.id === current.user.id
  if (isSame) {
    const user = await client.resume().catch(() => undefined)
    if (user?.id === message.id) enter(user)
  } else if (current.kind === 'in' && hasUnsaved()) hasEnded.set(true)
  else await findSession()
}

function enter(user: User): void {
  hasEnded.set(false)
  // Before a view is there, which would load twice.
  signIns.set(signIns.get() + 1)
  session.set({ kind: 'in', user })
}

/** @param name an email or a username */
export async function signIn(name: string, password: string): Promise<void> {
  const user = await client.signIn({ ...identityOf(name), password })
  enter(user)
  tellTabs({ kind: 'signed-in', id: user.id })
}

/** Here in any case. @throws where the service was not reached, and the session may go on */
export async function signOut(): Promise<void> {
  try {
    await client.signOut()
  } finally {
    session.set({ kind: 'out' })
    tellTabs({ kind: 'signed-out' })
  }
}
