import { useEffect, useRef, useState } from 'preact/hooks'
import { explain } from '../../shared/explain.ts'
import type { Version } from '../api/admin-api.ts'
import type { User } from '../api/user.ts'
import { announce } from '../app/announcement.ts'
import { useAdminMessages } from '../language/messages.ts'
import { actionsFor, isFinal, type UserAction } from './actions.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { DeleteUser } from './delete-user.tsx'
import type { Permissions, Refusal } from './permissions.ts'

interface UserActionsProps {
  user: User
  permissions: Permissions
  onVersion(version: Version): void
}

/** What can be done to a user at once. What this administrator may not do is not offered, but said. */
export function UserActions({ user, permissions, onVersion }: UserActionsProps) {
  const messages = useAdminMessages()
  const [asked, setAsked] = useState<UserAction>()
  const [busy, setBusy] = useState<string>()
  const isUnderWay = useRef(false)
  const wasDone = useRef(false)
  const heading = useRef<HTMLHeadingElement>(null)
  const actions = actionsFor(user, permissions)
  const refusals = new Set<Refusal>(Object.values(permissions).filter((refusal) => refusal !== undefined))

  // The button that was pressed may be gone.
  useEffect(() => {
    if (!wasDone.current || busy) return
    wasDone.current = false
    if (document.activeElement === document.body) heading.current?.focus()
  })

  async function perform(action: UserAction) {
    if (isUnderWay.current) return
    isUnderWay.current = true
    setAsked(undefined)
    setBusy(action.name)
    try {
      onVersion(await action.perform(user.id))
      announce(messages.deeds[action.name].done(user.username))
    } catch (error) {
      announce(explain(error, messages).sentence ?? messages.failed, 'error')
    } finally {
      isUnderWay.current = false
      wasDone.current = true
      setBusy(undefined)
    }
  }

  return (
    <section class="actions">
      <h2 ref={heading} tabIndex={-1}>
        {messages.actions}
      </h2>
      {actions.map((action) => (
        <button
          key={action.place}
          type="button"
          class="secondary outline"
          aria-busy={busy === action.name}
          onClick={() => (isFinal(action.name) ? setAsked(action) : void perform(action))}
        >
          {messages.deeds[action.name].label}
        </button>
      ))}
      {!permissions.delete && <DeleteUser user={user} />}
      {[...refusals].map((refusal) => (
        <p key={refusal} class="quiet">
          <small>{messages.refusals[refusal]}</small>
        </p>
      ))}
      {asked && isFinal(asked.name) && (
        <ConfirmDialog
          title={messages.deeds[asked.name].label}
          text={messages.questions[asked.name](user.username)}
          confirm={messages.deeds[asked.name].label}
          onConfirm={() => void perform(asked)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </section>
  )
}
