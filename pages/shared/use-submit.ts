import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type Explained, explain } from './explain.ts'
import { useMessages } from './language/use-messages.ts'

/** A wait that is long enough to be explained. */
const SLOW_MS = 4000

const NOTHING: Explained = { sentence: undefined, fields: {} }

/** A form on its way to the service. */
export interface Submission {
  /** For the form: the first field that something is wrong with gets the focus. */
  form: { current: HTMLFormElement | null }
  isBusy: boolean
  isSlow: boolean
  isDone: boolean
  /** What was wrong at the last try, in the page's language. */
  explained: Explained
  /** Sends once, however often it is called meanwhile. */
  submit(event?: Event): void
  /** Something was typed: that the last try went well is no news any more. What was wrong stays until the next one. */
  touch(): void
}

type Outcome = { kind: 'none' | 'busy' | 'slow' | 'done' } | { kind: 'failed'; error: unknown }

/** @param send what is done; false where it ended without success, and the form shows why */
export function useSubmit(send: () => Promise<unknown>): Submission {
  const messages = useMessages()
  const form = useRef<HTMLFormElement>(null)
  const isUnderWay = useRef(false)
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' })

  async function run() {
    if (isUnderWay.current) return
    isUnderWay.current = true
    setOutcome({ kind: 'busy' })
    const slow = setTimeout(() => setOutcome({ kind: 'slow' }), SLOW_MS)
    try {
      const isDone = (await send()) !== false
      setOutcome({ kind: isDone ? 'done' : 'none' })
    } catch (error) {
      setOutcome({ kind: 'failed', error })
    } finally {
      clearTimeout(slow)
      isUnderWay.current = false
    }
  }

  const explained = useMemo(
    () => (outcome.kind === 'failed' ? explain(outcome.error, messages) : NOTHING),
    [outcome, messages]
  )
  useEffect(() => {
    if (outcome.kind === 'failed') form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [outcome])

  return {
    form,
    isBusy: outcome.kind === 'busy' || outcome.kind === 'slow',
    isSlow: outcome.kind === 'slow',
    isDone: outcome.kind === 'done',
    explained,
    submit(event) {
      event?.preventDefault()
      void run()
    },
    touch: () => setOutcome((last) => (last.kind === 'done' ? { kind: 'none' } : last))
  }
}
