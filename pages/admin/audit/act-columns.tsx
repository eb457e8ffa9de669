import type { Act } from '../api/admin-api.ts'
import { userHref } from '../app/route.ts'
import type { Column } from '../components/listing.tsx'
import { Time } from '../formats/time.tsx'
import { useAdminMessages } from '../language/messages.ts'
import { Changes } from './changes.tsx'

const OUTCOME_CLASSES = { done: 'badge good', refused: 'badge bad', begun: 'badge' } as const

/** What is told of each act. */
export function useActColumns(): Column<Act>[] {
  const messages = useAdminMessages()
  const person = ({ id, username }: Act['actor']) => <a href={userHref(id)}>{username}</a>
  return [
    { name: 'at', header: messages.when, cell: ({ at }) => <Time at={at} /> },
    { name: 'action', header: messages.act, cell: ({ action }) => messages.acts[action] },
    { name: 'target', header: messages.whom, cell: ({ target }) => person(target), kind: 'long' },
    { name: 'actor', header: messages.byWhom, cell: ({ actor }) => person(actor), kind: 'long' },
    {
      name: 'changes',
      header: messages.changes,
      kind: 'long',
      cell: ({ changes }) => changes && <Changes changes={changes} />,
      isBlank: ({ changes }) => !changes
    },
    {
      name: 'outcome',
      header: messages.outcome,
      cell: ({ outcome }) => (
        <span class={OUTCOME_CLASSES[outcome]} title={messages.outcomeHints[outcome]}>
          {messages.outcomes[outcome]}
        </span>
      )
    },
    { name: 'address', header: messages.address, cell: ({ address }) => <code>{address}</code> }
  ]
}
