import type { Act } from '../api/admin-api.ts'
import { useAdminMessages } from '../language/messages.ts'

/** Of each changed field, what it was and what it became. */
export function Changes({ changes }: { changes: NonNullable<Act['changes']> }) {
  const messages = useAdminMessages()
  const names: Readonly<Record<string, string>> = messages.fields
  return (
    <dl class="changes">
      {Object.entries(changes).map(([field, [before, after]]) => (
        <div key={field}>
          <dt>{names[field] ?? field} </dt>
          <dd>
            <del>
              <span class="visually-hidden">{messages.before} </span>
              <Value value={before} />
            </del>{' '}
            <span aria-hidden="true">→</span>{' '}
            <ins>
              <span class="visually-hidden">{messages.after} </span>
              <Value value={after} />
            </ins>
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Value({ value }: { value: unknown }) {
  const messages = useAdminMessages()
  if (value === true) return messages.yes
  if (value === false) return messages.no
  if (value === null || value === undefined || value === '') return <i>{messages.empty}</i>
  return typeof value === 'string' ? value : JSON.stringify(value)
}
