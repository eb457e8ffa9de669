import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'

interface DialogProps {
  title: string
  /** Of Escape too. */
  onClose(): void
  closeLabel: string
  children: ComponentChildren
  /** What is asked for, below. */
  footer?: ComponentChildren
}

/** The browser's own dialogue: it keeps the focus inside, and gives it back when it is gone. */
export function Dialog({ title, onClose, closeLabel, children, footer }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const shown = dialog.current
    const before = document.activeElement
    shown?.showModal()
    return () => {
      shown?.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <article>
        <header>
          <button type="button" class="close" aria-label={closeLabel} onClick={onClose} />
          <h2 id={id}>{title}</h2>
        </header>
        {children}
        {footer && <footer>{footer}</footer>}
      </article>
    </dialog>
  )
}
