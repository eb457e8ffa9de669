import { useLayoutEffect } from 'preact/hooks'

/** What was typed and would be lost with the page, one token for each form. */
const unsaved = new Set<object>()

export const hasUnsaved = (): boolean => unsaved.size > 0

const ask = (event: BeforeUnloadEvent) => event.preventDefault()

/** Has the browser ask before the page is left while a form has what was not saved. */
export function useUnsaved(isUnsaved: boolean): void {
  // At once, because who types may leave at once.
  useLayoutEffect(() => {
    if (!isUnsaved) return
    const form = {}
    unsaved.add(form)
    // Only then, because a page that listens is not kept for the way back.
    addEventListener('beforeunload', ask)
    return () => {
      unsaved.delete(form)
      if (unsaved.size === 0) removeEventListener('beforeunload', ask)
    }
  }, [isUnsaved])
}
