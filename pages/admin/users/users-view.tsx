import { useLayoutEffect } from 'preact/hooks'
import { listUsers } from '../api/admin-api.ts'
import { usePages } from '../api/use-pages.ts'
import type { User } from '../api/user.ts'
import { type SearchBy, usersHref } from '../app/route.ts'
import { useTitle } from '../app/use-title.ts'
import { Failure } from '../components/failure.tsx'
import { Listing } from '../components/listing.tsx'
import { Pager } from '../components/pager.tsx'
import { useAdminMessages } from '../language/messages.ts'
import { UserCard } from './user-card.tsx'
import { useUserColumns } from './user-columns.tsx'
import { UserSearch } from './user-search.tsx'
import { usersMemory } from './users-memory.ts'

/** Everybody, or those who are looked for. */
export function UsersView({ q, by }: { q: string; by: SearchBy }) {
  const messages = useAdminMessages()
  const columns = useUserColumns()
  useTitle(messages.users)
  const pages = usePages<User>(usersMemory.place, `${by}:${q.trim()}`, (cursor, signal) =>
    listUsers({ q: q.trim(), by, cursor }, signal)
  )
  usersMemory.href = usersHref({ q, by })
  useLayoutEffect(
    () => () => {
      usersMemory.scrollY = scrollY
    },
    []
  )

  const rows = pages.data?.results ?? []
  return (
    <>
      <h1 tabIndex={-1}>{messages.users}</h1>
      <UserSearch q={q} by={by} />
      {pages.error !== undefined && <Failure error={pages.error} onRetry={pages.reload} />}
      <p class="visually-hidden" role="status">
        {pages.data && !pages.isLoading && messages.usersShown(rows.length)}
      </p>
      {!pages.data && pages.isLoading && <p aria-busy="true">{messages.loading}</p>}
      {pages.data && rows.length === 0 && <p class="empty">{q ? messages.noMatch(q) : messages.noUsers}</p>}
      {rows.length > 0 && (
        <Listing
          caption={q ? messages.usersFound(q) : messages.usersNewest}
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          isDimmed={({ is_active }) => !is_active}
          isBusy={pages.isLoading}
          card={(user) => <UserCard user={user} />}
        />
      )}
      <Pager
        page={pages.number}
        hasNext={Boolean(pages.data?.next)}
        isLoading={pages.isLoading}
        onPage={pages.turnTo}
      />
    </>
  )
}
