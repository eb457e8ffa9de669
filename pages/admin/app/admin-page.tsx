import { LanguageChoice } from '../../shared/components/language-choice.tsx'
import { Failure } from '../components/failure.tsx'
import { useAdminMessages } from '../language/messages.ts'
import { Frame } from './frame.tsx'
import { findSession, session } from './session.ts'
import { SignInForm } from './sign-in.tsx'

/** The whole page: what administrators look at, or what stands between. */
export function AdminPage() {
  const messages = useAdminMessages()
  const current = session.use()
  if (current.kind === 'in' && (current.user.is_staff || current.user.is_superuser))
    return <Frame key={current.user.id} who={current.user} />
  return (
    <main class="container narrow">
      <header class="bare">
        <h1>{messages.administration}</h1>
        <LanguageChoice />
      </header>
      {current.kind === 'asking' && <p aria-busy="true">{messages.loading}</p>}
      {current.kind === 'unknown' && <Failure error={current.error} onRetry={() => void findSession()} />}
      {current.kind === 'out' && (
        <article>
          <p>{messages.signInHint}</p>
          <SignInForm />
        </article>
      )}
      {current.kind === 'in' && <NoStaff username={current.user.username} />}
    </main>
  )
}

function NoStaff({ username }: { username: string }) {
  const messages = useAdminMessages()
  return (
    <article>
      <p>{messages.noStaff(username)}</p>
      <a href="../account/">{messages.toAccount}</a>
    </article>
  )
}
