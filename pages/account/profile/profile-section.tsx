import { useMemo, useRef, useState } from 'preact/hooks'
import type { User } from '../../shared/client.ts'
import { FormStatus } from '../../shared/components/form-status.tsx'
import { Notice } from '../../shared/components/notice.tsx'
import { SubmitButton } from '../../shared/components/submit-button.tsx'
import { useUnsaved } from '../../shared/unsaved.ts'
import { ProfileFieldInput } from '../components/profile-field-input.tsx'
import { Section } from '../components/section.tsx'
import { useAccountSubmit } from '../components/use-account-submit.ts'
import { useAccountMessages } from '../language/use-account-messages.ts'
import { update } from '../session/account.ts'
import { refreshQuietly } from '../session/watch.ts'
import { Choice } from './choice.tsx'
import {
  conflictsOf,
  type Draft,
  editsOf,
  keepMine,
  PROFILE_FIELDS,
  type ProfileField,
  settle,
  takeTheirs,
  textOf,
  type,
  withoutSaved
} from './draft.ts'
import { saveProfile } from './save-profile.ts'

/** The texts of the profile. What was typed stays typed, whatever becomes of the profile meanwhile. */
export function ProfileSection({ user }: { user: User }) {
  const messages = useAccountMessages()
  const shown = useRef(user)
  shown.current = user
  const [typed, setTyped] = useState<Draft>({})
  const [hadNothing, setHadNothing] = useState(false)
  const draft = useMemo(() => settle(typed, user), [typed, user])
  const conflicts = conflictsOf(draft, user)
  const isEdited = editsOf(draft).length > 0
  useUnsaved(isEdited)

  const submission = useAccountSubmit(async () => {
    setHadNothing(!isEdited)
    if (!isEdited) return true
    const { user: latest, isWritten } = await saveProfile(draft, user)
    // What came from elsewhere while it was saved may be newer than the answer.
    const isShownNewer = shown.current !== user
    update(latest, { isOwn: isWritten })
    if (isShownNewer) void refreshQuietly()
    if (isWritten) setTyped((now) => withoutSaved(now, draft, latest))
    else requestAnimationFrame(() => focus('.choice button'))
    return isWritten
  })
  const { fields } = submission.explained

  const focus = (selector: string) => submission.form.current?.querySelector<HTMLElement>(selector)?.focus()

  function edit(next: Draft) {
    submission.touch()
    setTyped(next)
  }

  function choose(field: ProfileField, next: Draft) {
    edit(next)
    // The buttons are gone then.
    focus(`[name=${field}]`)
  }

  return (
    <Section title={messages.profile} note={messages.profileNote}>
      <form ref={submission.form} noValidate onSubmit={submission.submit}>
        {conflicts.length > 0 && (
          <Notice kind="error">
            {messages.changedMeanwhile(conflicts.map((field) => messages[field]).join(', '))}
          </Notice>
        )}
        <div class="fields">
          {PROFILE_FIELDS.map((field) => (
            <div key={field} class={field}>
              <ProfileFieldInput
                name={field}
                value={draft[field]?.value ?? textOf(user, field)}
                onValue={(value) => edit(type(draft, user, field, value))}
                sentences={fields[field]}
              />
              {conflicts.includes(field) && (
                <Choice
                  field={messages[field]}
                  theirs={textOf(user, field)}
                  onKeep={() => choose(field, keepMine(draft, user, field))}
                  onTake={() => choose(field, takeTheirs(draft, field))}
                />
              )}
            </div>
          ))}
        </div>
        <FormStatus
          submission={submission}
          fields={PROFILE_FIELDS}
          success={hadNothing ? messages.nothingToSave : messages.saved}
        />
        <div class="buttons">
          <SubmitButton isBusy={submission.isBusy}>{messages.save}</SubmitButton>
          {isEdited && (
            <button type="button" class="secondary outline" onClick={() => choose('username', {})}>
              {messages.undo}
            </button>
          )}
        </div>
      </form>
    </Section>
  )
}
