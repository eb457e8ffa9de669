import { useEffect, useState } from 'preact/hooks'
import { isProfileError } from '../../../client/profile-error.ts'
import { Field } from '../../shared/components/field.tsx'
import { FormStatus } from '../../shared/components/form-status.tsx'
import { SubmitButton } from '../../shared/components/submit-button.tsx'
import { useUnsaved } from '../../shared/unsaved.ts'
import { useSubmit } from '../../shared/use-submit.ts'
import { getUser, updateUser, type Version } from '../api/admin-api.ts'
import { TEXTS, type TextField } from '../api/user.ts'
import { announce } from '../app/announcement.ts'
import { useAdminMessages } from '../language/messages.ts'
import { changesOf, conflictsOf, type Draft, draftOf, rebase } from './draft.ts'
import { Meanwhile } from './meanwhile.tsx'
import { type Cause, findCause } from './meanwhile-cause.ts'

const TYPES: Partial<Record<TextField, 'email' | 'tel'>> = { email: 'email', number_phone: 'tel' }

interface EditFormProps {
  version: Version
  onVersion(version: Version): void
}

/** A user's texts. What was changed by somebody else meanwhile is shown beside what is typed, and not overwritten unseen. */
export function EditForm(props: EditFormProps) {
  const messages = useAdminMessages()
  const [beginnings, setBeginnings] = useState(0)
  return (
    <section>
      <h2>{messages.edit}</h2>
      <Edit key={beginnings} {...props} onUndo={() => setBeginnings(beginnings + 1)} />
    </section>
  )
}

function Edit({ version, onVersion, onUndo }: EditFormProps & { onUndo(): void }) {
  const messages = useAdminMessages()
  const [base, setBase] = useState(version)
  const [draft, setDraft] = useState<Draft>(() => draftOf(version.user))
  const [meanwhile, setMeanwhile] = useState<{ cause: Cause; fields: readonly TextField[] }>()
  const changes = changesOf(draft, base.user)
  const isUnsaved = Object.keys(changes).length > 0
  useUnsaved(isUnsaved)

  /** What was typed stays, also what was typed while the service was asked. @param old what the draft was then */
  function takeOver(next: Version, old: Draft): void {
    setDraft((draft) => rebase(draft, old, draftOf(next.user)))
    setBase(next)
  }

  // What else is done to the user gives them another version.
  useEffect(() => {
    if (version !== base) takeOver(version, draftOf(base.user))
  }, [version])

  const submission = useSubmit(async () => {
    if (!isUnsaved) return announce(messages.nothingChanged)
    try {
      const saved = await updateUser(base, changes)
      takeOver(saved, draft)
      setMeanwhile(undefined)
      onVersion(saved)
      announce(messages.changesSaved(saved.user.username))
    } catch (error) {
      if (!isProfileError(error) || error.status !== 412) throw error
      const next = await getUser(base.user.id)
      const cause = await findCause(base, next)
      const old = draftOf(base.user)
      setMeanwhile({ cause, fields: conflictsOf(draft, old, draftOf(next.user)) })
      takeOver(next, old)
      onVersion(next)
      return false
    }
  })
  const { form, isBusy, explained, submit } = submission

  return (
    <>
      <FormStatus submission={submission} fields={TEXTS} />
      {meanwhile && <Meanwhile {...meanwhile} user={base.user} />}
      <form ref={form} onSubmit={submit} noValidate>
        <div class="fields">
          {TEXTS.map((field) => (
            <div key={field} class={field}>
              <Field
                name={field}
                type={TYPES[field] ?? 'text'}
                label={messages.fields[field]}
                value={draft[field]}
                onValue={(value) => setDraft((draft) => ({ ...draft, [field]: value }))}
                sentences={explained.fields[field]}
                hint={meanwhile?.fields.includes(field) ? messages.nowIs(base.user[field] ?? '') : undefined}
                autocomplete="off"
              />
            </div>
          ))}
        </div>
        <div class="buttons">
          <SubmitButton isBusy={isBusy}>{messages.save}</SubmitButton>
          {isUnsaved && (
            <button type="button" class="secondary outline" onClick={onUndo}>
              {messages.undo}
            </button>
          )}
        </div>
      </form>
    </>
  )
}
