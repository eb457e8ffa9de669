import { useState } from 'preact/hooks'
import { Dialog } from '../../shared/components/dialog.tsx'
import { Field } from '../../shared/components/field.tsx'
import { FormStatus } from '../../shared/components/form-status.tsx'
import { SubmitButton } from '../../shared/components/submit-button.tsx'
import { useSubmit } from '../../shared/use-submit.ts'
import { deleteUser } from '../api/admin-api.ts'
import type { User } from '../api/user.ts'
import { announce } from '../app/announcement.ts'
import { goTo } from '../app/navigation.ts'
import { useFirstField } from '../components/use-first-field.ts'
import { useAdminMessages } from '../language/messages.ts'
import { usersMemory } from '../users/users-memory.ts'

/** Deletes a user, once their name was typed. */
export function DeleteUser({ user }: { user: User }) {
  const messages = useAdminMessages()
  const [isAsked, setAsked] = useState(false)
  return (
    <>
      <button type="button" class="danger outline" onClick={() => setAsked(true)}>
        {messages.deleteUser}
      </button>
      {isAsked && <DeleteDialog user={user} onClose={() => setAsked(false)} />}
    </>
  )
}

function DeleteDialog({ user, onClose }: { user: User; onClose(): void }) {
  const messages = useAdminMessages()
  const [typed, setTyped] = useState('')
  const [isMistyped, setMistyped] = useState(false)
  const submission = useSubmit(async () => {
    const isRight = typed.trim() === user.username
    setMistyped(!isRight)
    if (!isRight) {
      submission.form.current?.querySelector('input')?.focus()
      return false
    }
    await deleteUser(user.id)
    goTo(usersMemory.href, { discard: true })
    announce(messages.deleted(user.username))
  })
  useFirstField(submission.form)
  return (
    <Dialog title={messages.deleteTitle(user.username)} closeLabel={messages.close} onClose={onClose}>
      <form ref={submission.form} onSubmit={submission.submit} noValidate>
        <FormStatus submission={submission} />
        <p>{messages.deleteWarning(user.username)}</p>
        <Field
          name="confirmation"
          label={messages.typeUsername(user.username)}
          value={typed}
          onValue={setTyped}
          sentences={isMistyped ? [messages.notTheUsername(user.username)] : []}
          autocomplete="off"
        />
        <div class="buttons">
          <button type="button" class="secondary" onClick={onClose}>
            {messages.cancel}
          </button>
          <SubmitButton isBusy={submission.isBusy} class="danger">
            {messages.deleteForGood}
          </SubmitButton>
        </div>
      </form>
    </Dialog>
  )
}
