import { listSessions, type Session, type Version } from '../api/admin-api.ts'
import { useLoaded } from '../api/use-loaded.ts'
import type { User } from '../api/user.ts'
import { Failure } from '../components/failure.tsx'
import { type Column, Listing } from '../components/listing.tsx'
import { Time } from '../formats/time.tsx'
import { useAdminMessages } from '../language/messages.ts'

const isOver = ({ ended_at, expires_at }: Session): boolean =>
  ended_at !== null || Date.parse(expires_at) <= Date.now()

/** Where a user is signed in, and was. @param version loads them again when it is another one */
export function Sessions({ user, version }: { user: User; version: Version }) {
  const messages = useAdminMessages()
  const { data, error, isLoading, reload } = useLoaded([version], (signal) => listSessions(user.id, signal))
  const timeOr = (at: string | null, otherwise: string) =>
    at === null ? <span class="quiet">{otherwise}</span> : <Time at={at} />
  const columns: Column<Session>[] = [
    {
      name: 'begun',
      header: messages.begun,
      cell: ({ started_at }) => timeOr(started_at, messages.notKnown)
    },
    {
      name: 'used',
      header: messages.lastUsed,
      cell: ({ last_used_at }) => timeOr(last_used_at, messages.never)
    },
    { name: 'until', header: messages.until, cell: ({ expires_at }) => <Time at={expires_at} /> },
    {
      name: 'state',
      header: messages.state,
      cell: (session) =>
        session.ended_at !== null ? (
          <>
            {messages.ended} <Time at={session.ended_at} />
          </>
        ) : isOver(session) ? (
          messages.expired
        ) : (
          <span class="badge good">{messages.goesOn}</span>
        )
    }
  ]
  return (
    <section>
      <h2>{messages.sessions}</h2>
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {!data && isLoading && <p aria-busy="true">{messages.loading}</p>}
      {data?.length === 0 && <p class="empty">{messages.noSessions}</p>}
      {data && data.length > 0 && (
        <Listing
          caption={messages.sessionsOf(user.username)}
          columns={columns}
          rows={data}
          keyOf={({ id }) => id}
          isDimmed={isOver}
          isBusy={isLoading}
        />
      )}
    </section>
  )
}
