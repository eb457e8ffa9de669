import type { User } from '../shared/client.ts'
import { language } from '../shared/language/language.ts'
import { useAccountMessages } from './language/use-account-messages.ts'

/** What nobody changes here. */
export function Facts({ user }: { user: User }) {
  const messages = useAccountMessages()
  return (
    <dl class="facts">
      <div>
        <dt>{messages.joined}</dt>{' '}
        <dd>
          <Time at={user.date_joined} options={{ dateStyle: 'long' }} />
        </dd>
      </div>
      {user.last_login && (
        <div>
          <dt>{messages.lastSignIn}</dt>{' '}
          <dd>
            <Time at={user.last_login} options={{ dateStyle: 'long', timeStyle: 'short' }} />
          </dd>
        </div>
      )}
    </dl>
  )
}

/** A moment in the language of the page and the time of the device. */
function Time({ at, options }: { at: string; options: Intl.DateTimeFormatOptions }) {
  const tag = navigator.languages.find((one) => one.startsWith(language.use())) ?? language.use()
  return <time dateTime={at}>{new Intl.DateTimeFormat(tag, options).format(new Date(at))}</time>
}
