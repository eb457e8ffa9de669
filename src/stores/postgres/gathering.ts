import { errors } from '../../errors.ts'
import type { UserId } from '../../users/user.ts'

/** More than that is sent by several statements. */
const MAX_AT_ONCE = 100

/** What takes longer, by a server that is slow or a connection that has fallen silent, holds up nobody any more. */
const PATIENCE_MS = 50

/** As many may be asked for one id; more would only wait for each other. */
const MAX_OF_ONE = 200

/**
 * Brings together what is asked for in one turn of the event loop, or while what was sent before is under way: the more is
 * asked for, the more goes at once. What is asked for one id is sent one after the other.
 * @param send never rejects
 * @returns asks. It throws `overloaded` (503) where too much is asked for one id; what is sent has a bound of its own
 */
export function createGathering<Asked extends { id: UserId }>(
  send: (asked: Asked[]) => Promise<void>
): (asked: Asked) => void {
  let waiting: Asked[] = []
  let awaited = 0
  const busy = new Set<UserId>()
  /** How much is asked for each id. */
  const counts = new Map<UserId, number>()
  let isDue = false

  function take(): Asked[] {
    const taken: Asked[] = []
    const others: Asked[] = []
    for (const one of waiting) {
      const isFree = taken.length < MAX_AT_ONCE && !busy.has(one.id)
      if (isFree) busy.add(one.id)
      ;(isFree ? taken : others).push(one)
    }
    waiting = others
    return taken
  }

  function letGo(id: UserId): void {
    busy.delete(id)
    const others = (counts.get(id) ?? 1) - 1
    if (others > 0) counts.set(id, others)
    else counts.delete(id)
  }

  async function sendOff(asked: Asked[]): Promise<void> {
    let isAwaited = true
    awaited++
    const goOn = () => {
      if (isAwaited) awaited--
      isAwaited = false
      sendWaiting()
    }
    const timer = setTimeout(goOn, PATIENCE_MS)
    await send(asked)
    clearTimeout(timer)
    for (const { id } of asked) letGo(id)
    goOn()
  }

  /** As much as makes up a whole statement waits for no other. */
  function sendWaiting(): void {
    while (waiting.length >= MAX_AT_ONCE || (waiting.length > 0 && awaited === 0)) {
      const asked = take()
      if (asked.length === 0) return
      void sendOff(asked)
    }
  }

  return (asked) => {
    const count = counts.get(asked.id) ?? 0
    if (count >= MAX_OF_ONE) throw errors.overloaded()
    counts.set(asked.id, count + 1)
    waiting.push(asked)
    if (isDue) return
    isDue = true
    setImmediate(() => {
      isDue = false
      sendWaiting()
    })
  }
}
