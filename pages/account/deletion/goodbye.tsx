import { settings } from '../../shared/settings.ts'
import { useAccountMessages } from '../language/use-account-messages.ts'
import { start } from '../session/account.ts'
import { SIGN_UP } from '../sign-in/welcome.tsx'

/** After the end of an account. */
export function Goodbye({ username }: { username: string }) {
  const messages = useAccountMessages()
  return (
    <main class="container narrow">
      <h1 tabIndex={-1}>{messages.goodbye(username)}</h1>
      <p>{messages.goodbyeText}</p>
      {settings.signUpOpen && (
        <p>
          <button
            type="button"
            class="secondary"
            onClick={() => {
              location.hash = SIGN_UP
              void start()
            }}
          >
            {messages.newAccount}
          </button>
        </p>
      )}
    </main>
  )
}
