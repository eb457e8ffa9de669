import { useState } from 'preact/hooks'
import { client } from '../../shared/client.ts'
import { FormStatus } from '../../shared/components/form-status.tsx'
import { PasswordField } from '../../shared/components/password-field.tsx'
import { SubmitButton } from '../../shared/components/submit-button.tsx'
import { useUnsaved } from '../../shared/unsaved.ts'
import { useSubmit } from '../../shared/use-submit.ts'
import { ProfileFieldInput } from '../components/profile-field-input.tsx'
import { useAccountMessages } from '../language/use-account-messages.ts'
import { PROFILE_FIELDS } from '../profile/draft.ts'
import { begin } from '../session/account.ts'
import { useFocus } from './use-focus.ts'

const EMPTY = { username: '', email: '', password: '', first_name: '', last_name: '', number_phone: '' }

const FIELDS = [...PROFILE_FIELDS, 'password']

/** What an account needs, and below it what it may have. */
export function SignUpForm() {
  const messages = useAccountMessages()
  const [values, setValues] = useState(EMPTY)
  const submission = useSubmit(async () => {
    const { number_phone, ...texts } = values
    await client.signUp({ ...texts, ...(number_phone && { number_phone }) })
    await begin()
  })
  useFocus(submission.form, 'username')
  useUnsaved(Object.values(values).some((value) => value !== ''))
  const { fields } = submission.explained

  const about = (name: keyof typeof EMPTY) => ({
    value: values[name],
    onValue: (value: string) => setValues((before) => ({ ...before, [name]: value })),
    sentences: fields[name]
  })
  return (
    <form ref={submission.form} noValidate onSubmit={submission.submit}>
      <ProfileFieldInput name="username" hint={messages.usernameHint} {...about('username')} />
      <ProfileFieldInput name="email" {...about('email')} />
      <PasswordField
        name="password"
        label={messages.password}
        autocomplete="new-password"
        {...about('password')}
      />
      <fieldset class="optional">
        <legend>{messages.moreAboutYou}</legend>
        <div class="grid">
          <ProfileFieldInput name="first_name" {...about('first_name')} />
          <ProfileFieldInput name="last_name" {...about('last_name')} />
        </div>
        <ProfileFieldInput name="number_phone" {...about('number_phone')} />
      </fieldset>
      <FormStatus submission={submission} fields={FIELDS} />
      <SubmitButton isBusy={submission.isBusy}>{messages.createAccount}</SubmitButton>
    </form>
  )
}
