import { useState } from 'preact/hooks'
import { client } from '../../shared/client.ts'
import { Field } from '../../shared/components/field.tsx'
import { FormStatus } from '../../shared/components/form-status.tsx'
import { PasswordField } from '../../shared/components/password-field.tsx'
import { SubmitButton } from '../../shared/components/submit-button.tsx'
import { identityOf } from '../../shared/credentials.ts'
import { useSubmit } from '../../shared/use-submit.ts'
import { useAccountMessages } from '../language/use-account-messages.ts'
import { begin } from '../session/account.ts'
import { useFocus } from './use-focus.ts'

/** @param username who is expected to sign in */
export function SignInForm({ username = '' }: { username?: string }) {
  const messages = useAccountMessages()
  const [identifier, setIdentifier] = useState(username)
  const [password, setPassword] = useState('')
  const submission = useSubmit(async () => {
    await client.signIn({ ...identityOf(identifier), password })
    await begin()
  })
  const { fields } = submission.explained
  useFocus(submission.form, username ? 'password' : 'username')

  return (
    <form ref={submission.form} noValidate onSubmit={submission.submit}>
      <Field
        name="username"
        label={messages.identifier}
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        required
        value={identifier}
        onValue={setIdentifier}
        sentences={fields.email ?? fields.username}
      />
      <PasswordField
        name="password"
        label={messages.password}
        autocomplete="current-password"
        value={password}
        onValue={setPassword}
        sentences={fields.password}
      />
      <FormStatus submission={submission} fields={['email', 'username', 'password']} />
      <SubmitButton isBusy={submission.isBusy}>{messages.signIn}</SubmitButton>
    </form>
  )
}
