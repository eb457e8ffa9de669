import { FormStatus } from '../../shared/components/form-status.tsx'
import { Section } from '../components/section.tsx'
import { useAccountSubmit } from '../components/use-account-submit.ts'
import { useAccountMessages } from '../language/use-account-messages.ts'
import { signOut, signOutEverywhere } from './account.ts'
import { useLeaving } from './leaving.tsx'

/** The ways out. */
export function SessionsSection() {
  const messages = useAccountMessages()
  const here = useAccountSubmit(signOut)
  const everywhere = useAccountSubmit(signOutEverywhere)
  const leavingHere = useLeaving(here.submit)
  const leavingEverywhere = useLeaving(everywhere.submit)
  return (
    <Section title={messages.sessions} note={messages.sessionsNote}>
      <FormStatus submission={here} />
      <FormStatus submission={everywhere} />
      <div class="buttons">
        <button
          type="button"
          class="secondary"
          aria-busy={here.isBusy ? 'true' : undefined}
          onClick={leavingHere.start}
        >
          {messages.signOut}
        </button>
        <button
          type="button"
          class="secondary outline"
          aria-busy={everywhere.isBusy ? 'true' : undefined}
          onClick={leavingEverywhere.start}
        >
          {messages.signOutEverywhere}
        </button>
      </div>
      {leavingHere.question}
      {leavingEverywhere.question}
    </Section>
  )
}
