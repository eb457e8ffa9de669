import { useEffect, useState } from 'preact/hooks'
import { Notice } from '../shared/components/notice.tsx'
import { explain } from '../shared/explain.ts'
import { useAccountMessages } from './language/use-account-messages.ts'
import { start } from './session/account.ts'

/** Of a line that nothing is wrong with, nobody has to read. */
const QUIET_MS = 400

/** Until it is known whether somebody is signed in: the outline that the page has before its script, and what is waited for. */
export function Starting() {
  const messages = useAccountMessages()
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), QUIET_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <main class="container narrow" aria-busy="true">
      <h1 class="visually-hidden">{messages.yourAccount}</h1>
      <div class="skeleton" />
      <p role="status" class="centred note">
        {isLong && messages.checking}
      </p>
    </main>
  )
}

/** Where the service does not say whether somebody is. */
export function NotFoundOut({ error }: { error: unknown }) {
  const messages = useAccountMessages()
  return (
    <main class="container narrow">
      <h1>{messages.yourAccount}</h1>
      <Notice kind="error">{explain(error, messages).sentence}</Notice>
      <button type="button" onClick={() => void start()}>
        {messages.tryAgain}
      </button>
    </main>
  )
}
