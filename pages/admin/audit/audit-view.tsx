import { type Act, listActs } from '../api/admin-api.ts'
import { createPlace, usePages } from '../api/use-pages.ts'
import { useTitle } from '../app/use-title.ts'
import { Failure } from '../components/failure.tsx'
import { Listing } from '../components/listing.tsx'
import { Pager } from '../components/pager.tsx'
import { useAdminMessages } from '../language/messages.ts'
import { useActColumns } from './act-columns.tsx'
import { UserFilter } from './user-filter.tsx'

const place = createPlace<Act>()

/** What administrators did, upon everybody or upon one user. @param user an id as it was typed; empty for everybody */
export function AuditView({ user }: { user: string }) {
  const messages = useAdminMessages()
  const columns = useActColumns()
  useTitle(messages.audit)
  const id = /^\d+$/.test(user) ? Number(user) : undefined
  const pages = usePages<Act>(place, user, (cursor, signal) => listActs({ user: id, cursor }, signal))
  const rows = pages.data?.results ?? []
  return (
    <>
      <h1 tabIndex={-1}>{messages.audit}</h1>
      <UserFilter user={user} />
      {pages.error !== undefined && <Failure error={pages.error} onRetry={pages.reload} />}
      {!pages.data && pages.isLoading && <p aria-busy="true">{messages.loading}</p>}
      {pages.data && rows.length === 0 && <p class="empty">{messages.noActs}</p>}
      {rows.length > 0 && (
        <Listing
          caption={messages.audit}
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          isBusy={pages.isLoading}
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
