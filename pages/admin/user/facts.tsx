import type { ComponentChildren } from 'preact'
import type { User } from '../api/user.ts'
import { Time } from '../formats/time.tsx'
import { useAdminMessages } from '../language/messages.ts'

/** What is known of a user. @param isWhole whether there is no form that shows the texts */
export function Facts({ user, isWhole }: { user: User; isWhole: boolean }) {
  const messages = useAdminMessages()
  const { fields } = messages
  const none = <span class="quiet">{messages.none}</span>
  const texts: [string, ComponentChildren][] = [
    [fields.email, user.email || none],
    [fields.first_name, user.first_name || none],
    [fields.last_name, user.last_name || none],
    [fields.number_phone, user.number_phone || none]
  ]
  const facts: [string, ComponentChildren][] = [
    [fields.id, user.id],
    ...(isWhole ? texts : []),
    [fields.date_joined, <Time key="joined" at={user.date_joined} />],
    [
      fields.last_login,
      user.last_login === null ? (
        <span class="quiet">{messages.never}</span>
      ) : (
        <Time key="login" at={user.last_login} />
      )
    ]
  ]
  return (
    <section>
      <h2>{messages.facts}</h2>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
