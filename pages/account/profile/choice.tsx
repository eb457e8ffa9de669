import { useId } from 'preact/hooks'
import { useAccountMessages } from '../language/use-account-messages.ts'

interface ChoiceProps {
  /** As the page calls it. */
  field: string
  /** What the field has by now. */
  theirs: string
  onKeep(): void
  onTake(): void
}

/** Below a field that was changed here and elsewhere: which of the two holds. */
export function Choice({ field, theirs, onKeep, onTake }: ChoiceProps) {
  const messages = useAccountMessages()
  const id = useId()
  return (
    <fieldset class="choice" aria-describedby={id}>
      <legend class="visually-hidden">{messages.choiceFor(field)}</legend>
      <p id={id}>{theirs ? messages.changedTo(theirs) : messages.clearedMeanwhile}</p>
      <button type="button" class="outline" onClick={onKeep}>
        {messages.keepMine}
      </button>
      <button type="button" class="outline secondary" onClick={onTake}>
        {messages.takeTheirs}
      </button>
    </fieldset>
  )
}
