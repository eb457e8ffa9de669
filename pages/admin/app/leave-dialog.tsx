import { Dialog } from '../../shared/components/dialog.tsx'
import { useAdminMessages } from '../language/messages.ts'
import { leaving } from './navigation.ts'

/** Asks whether edits may be lost. */
export function LeaveDialog() {
  const messages = useAdminMessages()
  const asked = leaving.use()
  if (!asked) return null
  return (
    <Dialog
      title={messages.unsavedTitle}
      closeLabel={messages.close}
      onClose={asked.stay}
      footer={
        <div class="buttons">
          <button type="button" class="secondary" onClick={asked.stay}>
            {messages.stay}
          </button>
          <button type="button" class="danger" onClick={asked.leave}>
            {messages.discard}
          </button>
        </div>
      }
    >
      <p>{messages.unsaved}</p>
    </Dialog>
  )
}
