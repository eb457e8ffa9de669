import { useEffect, useState } from 'preact/hooks'

/** Whether a drag brings files, not text or a link. */
export const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false

/** Where text is written, a paste is for the text. */
const isForText = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))

/**
 * Takes pictures that are pasted anywhere on the page, and keeps the browser from leaving the page for a file that is dropped
 * beside the place for it.
 * @returns whether files are being dragged over the page
 */
export function useArrivingFiles(onPaste: (files: readonly File[]) => void): boolean {
  const [isDragging, setDragging] = useState(false)

  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])]
      // A dialogue is about something else.
      if (files.length === 0 || isForText(event.target) || document.querySelector('dialog[open]')) return
      event.preventDefault()
      onPaste(files)
    }
    document.addEventListener('paste', paste)
    return () => document.removeEventListener('paste', paste)
  }, [onPaste])

  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return
      setDragging(true)
      // The place for it has said already that it takes it.
      if (event.defaultPrevented || !event.dataTransfer) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'none'
    }
    const end = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault()
      setDragging(false)
    }
    const leave = (event: DragEvent) => {
      if (!event.relatedTarget) setDragging(false)
    }
    addEventListener('dragover', over)
    addEventListener('drop', end)
    addEventListener('dragleave', leave)
    return () => {
      removeEventListener('dragover', over)
      removeEventListener('drop', end)
      removeEventListener('dragleave', leave)
    }
  }, [])

  return isDragging
}
