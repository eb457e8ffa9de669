import type { User } from '../../shared/client.ts'
import { Dialog } from '../../shared/components/dialog.tsx'
import { useAccountMessages } from '../language/use-account-messages.ts'
import { SignInForm } from '../sign-in/sign-in-form.tsx'
import { giveUp, type Interruption } from './account.ts'

interface InterruptedDialogProps {
  user: User
  interruption: Interruption
}

/** Over a page whose session is over: it goes on as it is once its user has signed in again. */
export function InterruptedDialog({ user, interruption }: InterruptedDialogProps) {
  const messages = useAccountMessages()
  return (
    <Dialog title={messages.signInAgain} class={interruption === 'ended' ? undefined : 'covering'}>
      <p>{messages.interrupted[interruption]}</p>
      <SignInForm username={user.username} />
      <p class="note">{messages.interruptedUser(user.username)}</p>
      <div class="buttons">
        <button type="button" class="secondary outline" onClick={() => giveUp(interruption)}>
          {messages.giveUp}
        </button>
      </div>
    </Dialog>
  )
}
