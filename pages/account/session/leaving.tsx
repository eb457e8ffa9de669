import { useState } from 'preact/hooks'
import { Dialog } from '../../shared/components/dialog.tsx'
import { hasUnsaved } from '../../shared/unsaved.ts'
import { useAccountMessages } from '../language/use-account-messages.ts'

/**
 * Asks before something that ends the page's session, where that would lose what was typed.
 * @returns what starts it, and the question, to be shown
 */
export function useLeaving(leave: () => void) {
  const messages = useAccountMessages()
  const [isAsking, setAsking] = useState(false)
  const stay = () => setAsking(false)
  const question = isAsking && (
    <Dialog
      title={messages.unsavedTitle}
      closeLabel={messages.close}
      onClose={stay}
      footer={
        <>
          <button type="button" class="secondary" onClick={stay}>
            {messages.stay}
          </button>
          <button
            type="button"
            onClick={() => {
              stay()
              leave()
            }}
          >
            {messages.leaveUnsaved}
          </button>
        </>
      }
    >
      <p>{messages.unsavedText}</p>
    </Dialog>
  )
  return { question, start: () => (hasUnsaved() ? setAsking(true) : leave()) }
}
