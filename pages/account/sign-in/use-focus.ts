import { useEffect } from 'preact/hooks'
import type { Submission } from '../../shared/use-submit.ts'

/** Begins in a field of a form, also of one in a dialogue. */
export function useFocus(form: Submission['form'], name: string): void {
  useEffect(() => {
    // The dialogue opens after what is in it is there.
    queueMicrotask(() => form.current?.querySelector<HTMLElement>(`[name=${name}]`)?.focus())
  }, [])
}
