import { listActs, type Version } from '../api/admin-api.ts'
import { useLoaded } from '../api/use-loaded.ts'
import type { User } from '../api/user.ts'
import { auditHref } from '../app/route.ts'
import { useActColumns } from '../audit/act-columns.tsx'
import { Failure } from '../components/failure.tsx'
import { Listing } from '../components/listing.tsx'
import { useAdminMessages } from '../language/messages.ts'

const RECENT = 5

/** What administrators did to a user lately. @param version loads it again when it is another one */
export function RecentActs({ user, version }: { user: User; version: Version }) {
  const messages = useAdminMessages()
  const columns = useActColumns().filter(({ name }) => name !== 'target')
  const { data, error, isLoading, reload } = useLoaded([version], (signal) =>
    listActs({ user: user.id, limit: RECENT }, signal)
  )
  return (
    <section>
      <h2>{messages.recentActs}</h2>
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {!data && isLoading && <p aria-busy="true">{messages.loading}</p>}
      {data?.results.length === 0 && <p class="empty">{messages.noActs}</p>}
      {data && data.results.length > 0 && (
        <Listing
          caption={messages.actsUpon(user.username)}
          columns={columns}
          rows={data.results}
          keyOf={({ id }) => id}
          isBusy={isLoading}
        />
      )}
      {data?.next && <a href={auditHref(user.id)}>{messages.allActs}</a>}
    </section>
  )
}
