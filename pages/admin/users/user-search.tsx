import { useEffect, useState } from 'preact/hooks'
import { replaceHash } from '../app/navigation.ts'
import { SEARCH_BY, type SearchBy, usersHref } from '../app/route.ts'
import { useAdminMessages } from '../language/messages.ts'

/** As long as somebody pauses who is not typing any more. */
const PAUSE_MS = 300

/** What is looked for: the address says so too. */
export function UserSearch({ q, by }: { q: string; by: SearchBy }) {
  const messages = useAdminMessages()
  const [text, setText] = useState(q)
  const search = (next: string, by: SearchBy) => replaceHash(usersHref({ q: next.trim(), by }))
  const isTyped = text.trim() !== q.trim()

  // A link to another search, or back to none.
  useEffect(() => {
    if (isTyped) setText(q)
  }, [q])
  useEffect(() => {
    if (!isTyped) return
    const timer = setTimeout(() => search(text, by), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, by])

  return (
    <search>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault()
          search(text, by)
        }}
      >
        <label class="grow">
          {messages.searchUsers}
          <input
            type="search"
            name="q"
            value={text}
            maxLength={320}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            placeholder={messages.searchPlaceholder}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <label>
          {messages.searchBy}
          <select
            name="by"
            value={by}
            onChange={(event) => search(text, event.currentTarget.value as SearchBy)}
          >
            {SEARCH_BY.map((one) => (
              <option key={one} value={one}>
                {messages.searchFields[one]}
              </option>
            ))}
          </select>
        </label>
      </form>
    </search>
  )
}
