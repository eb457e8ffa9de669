import { Field } from '../../shared/components/field.tsx'
import { useAccountMessages } from '../language/use-account-messages.ts'
import type { ProfileField } from '../profile/draft.ts'

/** How browsers fill each field in, and which keyboard phones show for it. */
const ATTRIBUTES = {
  username: { required: true, autocomplete: 'username', autocapitalize: 'none', spellcheck: false },
  // Not the type `email`, whose values browsers rewrite.
  email: {
    required: true,
    autocomplete: 'email',
    inputMode: 'email',
    autocapitalize: 'none',
    spellcheck: false
  },
  first_name: { autocomplete: 'given-name' },
  last_name: { autocomplete: 'family-name' },
  number_phone: { type: 'tel', autocomplete: 'tel' }
} as const

interface ProfileFieldInputProps {
  name: ProfileField
  value: string
  onValue(value: string): void
  sentences?: readonly string[] | undefined
  hint?: string | undefined
}

/** One of the texts of a profile. */
export function ProfileFieldInput({ name, ...about }: ProfileFieldInputProps) {
  const messages = useAccountMessages()
  return <Field name={name} label={messages[name]} {...ATTRIBUTES[name]} {...about} />
}
