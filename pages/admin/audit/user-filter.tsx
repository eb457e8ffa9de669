import { useEffect, useState } from 'preact/hooks'
import { goTo } from '../app/navigation.ts'
import { auditHref } from '../app/route.ts'
import { useAdminMessages } from '../language/messages.ts'

/** Whose acts are shown. */
export function UserFilter({ user }: { user: string }) {
  const messages = useAdminMessages()
  const [text, setText] = useState(user)
  useEffect(() => setText(user), [user])
  return (
    <search>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault()
          goTo(auditHref(text.trim()))
        }}
      >
        <label>
          {messages.filterByUser}
          <input
            name="user"
            inputMode="numeric"
            pattern="\d*"
            maxLength={15}
            autocomplete="off"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="secondary">
          {messages.filter}
        </button>
        {user && (
          <a class="aside" href={auditHref()}>
            {messages.showAll}
          </a>
        )}
      </form>
    </search>
  )
}
