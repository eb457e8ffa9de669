import { LanguageChoice } from '../shared/components/language-choice.tsx'
import { useAccountSubmit } from './components/use-account-submit.ts'
import { useAccountMessages } from './language/use-account-messages.ts'
import { signOut } from './session/account.ts'
import { useLeaving } from './session/leaving.tsx'

/** Above everything. */
export function TopBar({ isSignedIn }: { isSignedIn: boolean }) {
  const messages = useAccountMessages()
  const leaving = useAccountSubmit(signOut)
  const { question, start } = useLeaving(leaving.submit)
  return (
    <header class="container bar">
      <span class="brand">{messages.yourAccount}</span>
      <LanguageChoice />
      {isSignedIn && (
        <button
          type="button"
          class="secondary outline"
          aria-busy={leaving.isBusy ? 'true' : undefined}
          onClick={start}
        >
          {messages.signOut}
        </button>
      )}
      {question}
    </header>
  )
}
