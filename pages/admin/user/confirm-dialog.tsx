import { Dialog } from '../../shared/components/dialog.tsx'
import { useAdminMessages } from '../language/messages.ts'

interface ConfirmDialogProps {
  title: string
  text: string
  /** What the button says that does it. */
  confirm: string
  onConfirm(): void
  onClose(): void
}

/** Asks before what can't be undone by one more click. */
export function ConfirmDialog({ title, text, confirm, onConfirm, onClose }: ConfirmDialogProps) {
  const messages = useAdminMessages()
  return (
    <Dialog
      title={title}
      closeLabel={messages.close}
      onClose={onClose}
      footer={
        <div class="buttons">
          <button type="button" class="secondary" onClick={onClose}>
            {messages.cancel}
          </button>
          <button type="button" class="danger" onClick={onConfirm}>
            {confirm}
          </button>
        </div>
      }
    >
      <p>{text}</p>
    </Dialog>
  )
}
