import { useState } from 'preact/hooks'
import type { User } from '../../shared/client.ts'
import { Dialog } from '../../shared/components/dialog.tsx'
import { Field } from '../../shared/components/field.tsx'
import { FormStatus } from '../../shared/components/form-status.tsx'
import { SubmitButton } from '../../shared/components/submit-button.tsx'
import { useAccountSubmit } from '../components/use-account-submit.ts'
import { useAccountMessages } from '../language/use-account-messages.ts'
import { deleteAccount } from '../session/account.ts'
import { useFocus } from '../sign-in/use-focus.ts'

/** What will be gone, which has to be confirmed by the username. */
export function DeletionDialog({ user, onClose }: { user: User; onClose(): void }) {
  const messages = useAccountMessages()
  const [typed, setTyped] = useState('')
  const submission = useAccountSubmit(() => deleteAccount(user))
  const isConfirmed = typed.trim() === user.username
  useFocus(submission.form, 'confirmation')
  return (
    <Dialog title={messages.deleteTitle} closeLabel={messages.close} onClose={onClose}>
      <p>{messages.deleteWhat}</p>
      <ul>
        <li>{messages.deleteProfile(user.username)}</li>
        {user.avatar && <li>{messages.deletePicture}</li>}
        <li>{messages.deleteSessions}</li>
      </ul>
      <p>{messages.deleteAdvice}</p>
      <form ref={submission.form} noValidate onSubmit={submission.submit}>
        <Field
          name="confirmation"
          label={messages.deleteConfirm(user.username)}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          value={typed}
          onValue={setTyped}
        />
        <FormStatus submission={submission} />
        <div class="buttons">
          <SubmitButton class="danger" isBusy={submission.isBusy} disabled={!isConfirmed}>
            {messages.deleteNow}
          </SubmitButton>
          <button type="button" class="secondary outline" onClick={onClose}>
            {messages.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
