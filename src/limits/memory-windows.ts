import { LruMap } from 'toad-cache'
import type { Clock } from '../clock.ts'

export interface Window {
  count: number
  /** Epoch milliseconds. */
  until: number
}

export interface Windows {
  /** The key's window, unless it is over. */
  find(key: string): Window | undefined
  /** The same, or one that begins now. */
  open(key: string): Window
  /** @param only the one that may be deleted; any where it is not said */
  delete(key: string, only?: Window): void
  leftMs(window: Window): number
}

/** Windows that begin with the first of a key. The one that was touched least recently makes room. */
export function createMemoryWindows(clock: Clock, windowMs: number, maxCounted: number): Windows {
  const windows = new LruMap<Window>(maxCounted)
  const leftMs = (window: Window) => window.until - clock.now()
  const find = (key: string) => {
    const window = windows.get(key)
    const left = window ? leftMs(window) : 0
    // More than a window is left where the clock was set back.
    return left > 0 && left <= windowMs ? window : undefined
  }
  function begin(key: string): Window {
    const window = { count: 0, until: clock.now() + windowMs }
    windows.set(key, window)
    return window
  }
  return {
    find,
    leftMs,
    open: (key) => find(key) ?? begin(key),
    delete(key, only = windows.get(key)) {
      if (windows.get(key) === only) windows.delete(key)
    }
  }
}
