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
      <Mark />
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

/** The icon, as the page has it before its script, so that something is painted at once. */
const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
    <circle cx="16" cy="16" r="16" fill="#0172ad" />
    <circle cx="16" cy="12" r="5.5" fill="#fff" />
    <path d="M5.5 27a10.5 8.5 0 0 1 21 0z" fill="#fff" />
  </svg>
)
