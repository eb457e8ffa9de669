import { useEffect } from 'preact/hooks'
import { useAdminMessages } from '../language/messages.ts'

/** What a tab is called. */
export function useTitle(text: string): void {
  const { administration } = useAdminMessages()
  // Each time: another language puts the page's own title there.
  useEffect(() => {
    document.title = `${text} · ${administration}`
  })
}
