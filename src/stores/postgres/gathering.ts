import { errors } from '../../errors.ts'
import type { UserId } from '../../users/user.ts'

/** More than that is sent by several statements. */
const MAX_AT_ONCE = 100

/** What takes longer, by a server that is slow or a connection that has fallen silent, holds up nobody any more. */
const PATIENCE_MS = 50

/** So many may wait for others of their id. */
const MAX_WAITING = 1000

/**
 * Brings together what is asked for in one turn of the event loop, or while what was sent before is under way: the more is
 * asked for, the more goes at once. What is asked for one id is sent one after the other.
 * @param send never rejects
 * @returns asks. It throws `overloaded` (503) where too much waits
 */
export function createGathering<Asked extends { id: UserId }>(
  send: (asked: Asked[]) => Promise<void>
): (asked: Asked) => void {
  let waiting: Asked[] = []
  let awaited = 0
  const busy = new Set<UserId>()
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
    for (const { id } of asked) busy.delete(id)
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
    if (waiting.length >= MAX_WAITING) throw errors.overloaded()
    waiting.push(asked)
    if (isDue) return
    isDue = true
    setImmediate(() => {
      isDue = false
      sendWaiting()
    })
  }
}
