import type { JSX } from 'preact'
import { useId } from 'preact/hooks'

type InputProps = JSX.IntrinsicElements['input']

interface FieldProps
  extends Pick<
    InputProps,
    'autocomplete' | 'autocapitalize' | 'spellcheck' | 'required' | 'disabled' | 'maxLength' | 'inputMode'
  > {
  name: string
  type?: 'text' | 'email' | 'tel' | 'password' | 'search'
  label: string
  value: string
  onValue(value: string): void
  /** What the service said of it. */
  sentences?: readonly string[] | undefined
  /** What helps to fill it in. */
  hint?: string | undefined
}

/** A labelled field with the sentences that are about it, which a screen reader reads with it. */
export function Field({ label, value, onValue, sentences = [], hint, ...input }: FieldProps) {
  const id = useId()
  const isInvalid = sentences.length > 0
  const described = [hint && `${id}-hint`, isInvalid && `${id}-error`].filter(Boolean).join(' ')
  // Preact's type has one kind of attributes for each `type`, and none for any of some.
  const attributes = input as InputProps
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...attributes}
        id={id}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
        {...(isInvalid && { 'aria-invalid': 'true' })}
        {...(described && { 'aria-describedby': described })}
      />
      {hint && <small id={`${id}-hint`}>{hint}</small>}
      {isInvalid && (
        <small id={`${id}-error`} class="error">
          {sentences.join(' ')}
        </small>
      )}
    </div>
  )
}
