import { client, onSessionEnd } from '../../shared/client.ts'
import { onTabMessage, type TabMessage } from '../../shared/tabs.ts'
import { hasUnsaved } from '../../shared/unsaved.ts'
import { account, interrupt, refresh, start } from './account.ts'

/** Follows what happens in other tabs and on other devices, from the page's start on. */
export function watch(): void {
  onSessionEnd(({ code }) => interrupt(code === 'other_user' ? 'somebody-else' : 'ended'))
  onTabMessage((message) => void hear(message))
  addEventListener('focus', () => void refreshQuietly())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void refreshQuietly()
  })
  addEventListener('online', () => {
    if (account.get().kind === 'unknown') void start()
  })
}

let isDue = false
let isAsking = false

/** Asks once more where it is called while the last answer is on its way, because that may be older than the reason. */
export async function refreshQuietly(): Promise<void> {
  isDue = true
  if (isAsking) return
  isAsking = true
  try {
    while (isDue) {
      isDue = false
      await refresh()
    }
  } catch {
    // The client tells of a session that has ended, and the next occasion of all else.
  } finally {
    isAsking = false
  }
}

function hear(message: TabMessage): Promise<void> | void {
  const current = account.get()
  switch (message.kind) {
    case 'changed':
      return refreshQuietly()
    case 'signed-out':
      return interrupt('signed-out-elsewhere')
    case 'signed-in':
      if (current.kind !== 'signed-in') return hasUnsaved() ? undefined : start()
      return current.user.id === message.id ? goOn() : interrupt('somebody-else')
  }
}

/** Another tab has signed the same user in: the session of before may be over, and what was typed can be saved again. */
async function goOn(): Promise<void> {
  try {
    const resumed = await client.resume()
    const current = account.get()
    if (current.kind === 'signed-in' && current.user.id === resumed?.id)
      account.set({ kind: 'signed-in', user: await client.profile({ known: current.user }) })
  } catch {
    // The next request tells.
  }
}
