import { useEffect, useState } from 'preact/hooks'
import { signIns } from '../app/session.ts'

/** What is loaded for a view. */
export interface Loaded<T> {
  /** Of the last answer; while another one is awaited, still that one. */
  data: T | undefined
  /** Why there is none, or no newer one. */
  error: unknown
  isLoading: boolean
  reload(): void
  /** Puts what is known by other ways in its place. */
  set(data: T): void
}

/**
 * Loads what a view shows, again where what it is `of` changes, and when somebody has signed in. An answer to what is not asked for any more is dropped.
 * @param known what to show at first
 */
export function useLoaded<T>(
  of: readonly unknown[],
  load: (signal: AbortSignal) => Promise<T>,
  known?: () => T | undefined
): Loaded<T> {
  const [turn, setTurn] = useState(0)
  const [state, setState] = useState<Pick<Loaded<T>, 'data' | 'error' | 'isLoading'>>(() => ({
    data: known?.(),
    error: undefined,
    isLoading: true
  }))
  useEffect(() => {
    const control = new AbortController()
    const settle = (next: { data?: T; error?: unknown }) => {
      if (!control.signal.aborted)
        setState(({ data }) => ({ data, error: undefined, ...next, isLoading: false }))
    }
    setState(({ data, error }) => ({ data, error, isLoading: true }))
    load(control.signal).then(
      (data) => settle({ data }),
      (error: unknown) => settle({ error })
    )
    return () => control.abort()
  }, [...of, turn, signIns.use()])
  return {
    ...state,
    reload: () => setTurn((turn) => turn + 1),
    set: (data) => setState({ data, error: undefined, isLoading: false })
  }
}
