import { useId, useState } from 'preact/hooks'
import { useMessages } from '../language/use-messages.ts'

interface PasswordFieldProps {
  name: string
  label: string
  value: string
  onValue(value: string): void
  /** For password managers. */
  autocomplete: 'current-password' | 'new-password'
  sentences?: readonly string[] | undefined
  hint?: string | undefined
}

// One attribute, because Preact's type has none for either.
const TYPES = { shown: { type: 'text' }, hidden: { type: 'password' } } as const

/** A password, which can be looked at. */
export function PasswordField({
  name,
  label,
  value,
  onValue,
  autocomplete,
  sentences = [],
  hint
}: PasswordFieldProps) {
  const messages = useMessages()
  const id = useId()
  const [isShown, setShown] = useState(false)
  const isInvalid = sentences.length > 0
  const described = [hint && `${id}-hint`, isInvalid && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="with-button">
        <input
          {...TYPES[isShown ? 'shown' : 'hidden']}
          id={id}
          name={name}
          autocomplete={autocomplete}
          autocapitalize="none"
          spellcheck={false}
          required
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
          {...(isInvalid && { 'aria-invalid': 'true' })}
          {...(described && { 'aria-describedby': described })}
        />
        <button
          type="button"
          class="secondary outline"
          aria-label={isShown ? messages.hidePassword : messages.showPassword}
          aria-controls={id}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? messages.hide : messages.show}
        </button>
      </div>
      {hint && <small id={`${id}-hint`}>{hint}</small>}
      {isInvalid && (
        <small id={`${id}-error`} class="error">
          {sentences.join(' ')}
        </small>
      )}
    </div>
  )
}
