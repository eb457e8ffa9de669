import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'

interface DialogProps {
  title: string
  /** Of Escape too. Without it what is asked has to be answered. */
  onClose?: () => void
  /** Of the button that closes it. */
  closeLabel?: string
  class?: string | undefined
  children: ComponentChildren
  /** What is asked for, below. */
  footer?: ComponentChildren
}

/** The browser's own dialogue: it keeps the focus inside, and gives it back when it is gone. */
export function Dialog({ title, onClose, closeLabel, class: className, children, footer }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  // At once, so that the focus is never nowhere.
  useLayoutEffect(() => {
    const shown = dialog.current
    const before = document.activeElement
    if (!shown?.open) shown?.showModal()
    return () => {
      shown?.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      class={className}
      aria-labelledby={id}
      onCancel={(event) => {
        // Of a file's choice inside it too, which is none of its own.
        if (event.target !== event.currentTarget) return
        event.preventDefault()
        onClose?.()
      }}
      onClose={({ currentTarget }) => {
        // A second Escape closes it whatever was said to the first.
        if (!currentTarget.isConnected) return
        if (onClose) onClose()
        else currentTarget.showModal()
      }}
    >
      <article>
        <header>
          {onClose && <button type="button" class="close" aria-label={closeLabel} onClick={onClose} />}
          <h2 id={id}>{title}</h2>
        </header>
        {children}
        {footer && <footer>{footer}</footer>}
      </article>
    </dialog>
  )
}
