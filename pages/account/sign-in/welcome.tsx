import { useEffect, useState } from 'preact/hooks'
import { Notice } from '../../shared/components/notice.tsx'
import { SubmitButton } from '../../shared/components/submit-button.tsx'
import { settings } from '../../shared/settings.ts'
import { useSubmit } from '../../shared/use-submit.ts'
import { useAccountMessages } from '../language/use-account-messages.ts'
import { type SignedOut, signOut } from '../session/account.ts'
import { SignInForm } from './sign-in-form.tsx'
import { SignUpForm } from './sign-up-form.tsx'

/** What the address ends with where somebody makes an account. */
export const SIGN_UP = '#sign-up'

/** What who is not signed in sees: the way in, and the way to an account where that is open. */
export function Welcome({ how }: { how?: SignedOut | undefined }) {
  const messages = useAccountMessages()
  const isSigningUp = useHash() === SIGN_UP && settings.signUpOpen
  return (
    <main class="container narrow">
      <h1>{isSigningUp ? messages.createAccount : messages.signIn}</h1>
      {how && <Farewell how={how} />}
      <article>{isSigningUp ? <SignUpForm /> : <SignInForm />}</article>
      {settings.signUpOpen && (
        <p class="centred">
          {isSigningUp ? messages.haveAccount : messages.noAccount}{' '}
          <a href={isSigningUp ? '#sign-in' : SIGN_UP}>{isSigningUp ? messages.signIn : messages.makeOne}</a>
        </p>
      )}
    </main>
  )
}

/** How the session before ended. */
function Farewell({ how }: { how: SignedOut }) {
  const messages = useAccountMessages()
  const again = useSubmit(signOut)
  switch (how) {
    case 'here':
      return <Notice kind="success">{messages.signedOutHere}</Notice>
    case 'everywhere':
      return <Notice kind="success">{messages.signedOutEverywhere}</Notice>
    case 'elsewhere':
      return <Notice kind="info">{messages.signedOutElsewhere}</Notice>
    case 'unfinished':
      return (
        <form onSubmit={again.submit}>
          <Notice kind="error">{messages.signOutUnfinished}</Notice>
          <SubmitButton isBusy={again.isBusy} class="secondary">
            {messages.signOutAgain}
          </SubmitButton>
        </form>
      )
  }
}

/** What follows `#` in the address. */
function useHash(): string {
  const [hash, setHash] = useState(location.hash)
  useEffect(() => {
    const follow = () => setHash(location.hash)
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  return hash
}
