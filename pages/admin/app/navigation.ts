import { signal } from '../../shared/signal.ts'
import { hasUnsaved } from '../../shared/unsaved.ts'

/** The hash of what is shown; not yet that of the address bar where edits would be lost by going there. */
export const shownHash = signal(location.hash)

/** Somebody is about to leave edits that are not saved: asks whether to. */
export interface Leaving {
  leave(): void
  stay(): void
}

export const leaving = signal<Leaving | undefined>(undefined)

/** Where each entry of the browser's history is among the page's, so that one can go back to where one was. */
const indexOf = (state: unknown): number | undefined => {
  const index: unknown = Reflect.get(Object(state), 'index')
  return typeof index === 'number' ? index : undefined
}

let index = indexOf(history.state) ?? 0
let isForced = false

/** Follows the address, from the page's start on. */
export function followAddress(): void {
  history.replaceState({ index }, '')
  // The browser would do it before there is anything to scroll.
  history.scrollRestoration = 'manual'
  addEventListener('hashchange', () => {
    const known = indexOf(history.state)
    const next = known ?? index + 1
    if (known === undefined) history.replaceState({ index: next }, '')
    const arrive = () => {
      leaving.set(undefined)
      index = next
      shownHash.set(location.hash)
    }
    if (next === index) leaving.set(undefined)
    else if (isForced || !hasUnsaved()) arrive()
    else leaving.set({ leave: arrive, stay: () => history.go(index - next) })
    isForced = false
  })
}

/** Goes elsewhere, as a link does. @param discard whether edits are of no use any more */
export function goTo(href: string, { discard = false } = {}): void {
  isForced = discard
  location.hash = href
}

/** Another address for the same view: the one before is not gone back to. */
export function replaceHash(href: string): void {
  history.replaceState({ index }, '', href)
  shownHash.set(location.hash)
}

/** Asks before edits are lost by something else than another address. */
export function beforeLeaving(leave: () => void): void {
  const stay = () => leaving.set(undefined)
  const leaveNow = () => {
    stay()
    leave()
  }
  if (hasUnsaved()) leaving.set({ stay, leave: leaveNow })
  else leave()
}
