import { useState } from 'preact/hooks'
import { Field } from '../../shared/components/field.tsx'
import { FormStatus } from '../../shared/components/form-status.tsx'
import { PasswordField } from '../../shared/components/password-field.tsx'
import { SubmitButton } from '../../shared/components/submit-button.tsx'
import { useSubmit } from '../../shared/use-submit.ts'
import { useFirstField } from '../components/use-first-field.ts'
import { useAdminMessages } from '../language/messages.ts'
import { signIn } from './session.ts'

/** Asks who it is. */
export function SignInForm() {
  const messages = useAdminMessages()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const submission = useSubmit(() => signIn(name.trim(), password))
  const { form, isBusy, explained, submit } = submission
  useFirstField(form)
  const { email = [], username = [], password: ofPassword = [] } = explained.fields
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <FormStatus submission={submission} fields={['email', 'username', 'password']} />
      <Field
        name="name"
        label={messages.emailOrUsername}
        value={name}
        onValue={setName}
        sentences={[...email, ...username]}
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        required
      />
      <PasswordField
        name="password"
        label={messages.password}
        value={password}
        onValue={setPassword}
        sentences={ofPassword}
        autocomplete="current-password"
      />
      <SubmitButton isBusy={isBusy}>{messages.signIn}</SubmitButton>
    </form>
  )
}
