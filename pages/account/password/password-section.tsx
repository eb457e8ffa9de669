import { useState } from 'preact/hooks'
import { client, type User } from '../../shared/client.ts'
import { FormStatus } from '../../shared/components/form-status.tsx'
import { PasswordField } from '../../shared/components/password-field.tsx'
import { SubmitButton } from '../../shared/components/submit-button.tsx'
import { useUnsaved } from '../../shared/unsaved.ts'
import { Section } from '../components/section.tsx'
import { useAccountSubmit } from '../components/use-account-submit.ts'
import { useAccountMessages } from '../language/use-account-messages.ts'

const FIELDS = ['current_password', 'new_password']

/** A new password, after which only this browser is signed in. */
export function PasswordSection({ user }: { user: User }) {
  const messages = useAccountMessages()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  useUnsaved(current !== '' || next !== '')
  const submission = useAccountSubmit(async () => {
    await client.changePassword(current, next)
    setCurrent('')
    setNext('')
  })
  const { fields } = submission.explained
  const typing = (set: (value: string) => void) => (value: string) => {
    submission.touch()
    set(value)
  }

  return (
    <Section title={messages.changePassword} note={messages.passwordNote}>
      <form ref={submission.form} noValidate onSubmit={submission.submit}>
        {/* Tells password managers whose password it is. */}
        <input
          class="visually-hidden"
          type="text"
          name="username"
          autocomplete="username"
          value={user.username}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <PasswordField
          name="current_password"
          label={messages.currentPassword}
          autocomplete="current-password"
          value={current}
          onValue={typing(setCurrent)}
          sentences={fields.current_password}
        />
        <PasswordField
          name="new_password"
          label={messages.newPassword}
          autocomplete="new-password"
          value={next}
          onValue={typing(setNext)}
          sentences={fields.new_password}
        />
        <FormStatus submission={submission} fields={FIELDS} success={messages.passwordChanged} />
        <div class="buttons">
          <SubmitButton isBusy={submission.isBusy}>{messages.changePassword}</SubmitButton>
        </div>
      </form>
    </Section>
  )
}
