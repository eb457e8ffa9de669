import { useAdminMessages } from '../language/messages.ts'

interface PagerProps {
  /** From 0. */
  page: number
  hasNext: boolean
  isLoading: boolean
  onPage(page: number): void
}

/** To the page before and the page after. */
export function Pager({ page, hasNext, isLoading, onPage }: PagerProps) {
  const messages = useAdminMessages()
  if (page === 0 && !hasNext) return null
  // Not `disabled`: that would take the focus from whoever has just pressed it.
  const turn = (to: number, isPossible: boolean) => ({
    type: 'button' as const,
    class: 'secondary outline',
    'aria-disabled': !isPossible || isLoading,
    onClick: () => {
      if (isPossible && !isLoading) onPage(to)
    }
  })
  return (
    <nav class="pager" aria-label={messages.pages}>
      <button {...turn(page - 1, page > 0)}>{messages.previousPage}</button>
      <span aria-live="polite">{messages.pageNumber(page + 1)}</span>
      <button {...turn(page + 1, hasNext)}>{messages.nextPage}</button>
    </nav>
  )
}
