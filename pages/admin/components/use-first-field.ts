import { useEffect } from 'preact/hooks'

/** Begins in a form's first field, also where the form is in a dialogue. */
export function useFirstField(form: { current: HTMLFormElement | null }): void {
  useEffect(() => {
    // The dialogue opens after what is in it is there.
    queueMicrotask(() => form.current?.querySelector('input')?.focus())
  }, [])
}
