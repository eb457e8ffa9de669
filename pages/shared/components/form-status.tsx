import type { ComponentChildren } from 'preact'
import { useMessages } from '../language/use-messages.ts'
import type { Submission } from '../use-submit.ts'
import { Notice } from './notice.tsx'

interface FormStatusProps {
  submission: Submission
  /** The names of fields that show their own sentences. */
  fields?: readonly string[]
  /** What is said once it is done. */
  success?: ComponentChildren
}

/** How a form's way to the service goes. What went well stands in a region that is there before, so that it is read out. */
export function FormStatus({ submission, fields = [], success }: FormStatusProps) {
  const messages = useMessages()
  const { explained, isSlow, isDone } = submission
  const others = Object.entries(explained.fields).filter(
    ([name]) => !fields.includes(name) && name !== 'non_field_errors'
  )
  const sentences = [explained.sentence, ...others.map(([name, all]) => `${name}: ${all.join(' ')}`)]
  const sentence = sentences.filter(Boolean).join(' ')
  return (
    <>
      {sentence && <Notice kind="error">{sentence}</Notice>}
      <div role="status">
        {isSlow && <p class="notice info">{messages.slow}</p>}
        {isDone && success && <p class="notice success">{success}</p>}
      </div>
    </>
  )
}
