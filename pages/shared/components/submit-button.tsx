import type { ComponentChildren } from 'preact'

interface SubmitButtonProps {
  isBusy: boolean
  class?: string
  disabled?: boolean
  children: ComponentChildren
}

/** Sends its form. It keeps the focus while the form is on its way, which a disabled one would lose. */
export const SubmitButton = ({ isBusy, children, ...attributes }: SubmitButtonProps) => (
  <button type="submit" aria-busy={isBusy ? 'true' : undefined} {...attributes}>
    {children}
  </button>
)
