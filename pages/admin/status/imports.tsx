import { listImports } from '../api/admin-api.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { Failure } from '../components/failure.tsx'
import { useAdminMessages } from '../language/messages.ts'
import { ImportReport } from './import-report.tsx'

/** What came of the last imports from elsewhere. */
export function Imports() {
  const messages = useAdminMessages()
  const { data, error, isLoading, reload } = useLoaded([], listImports)
  return (
    <section>
      <h2>{messages.imports}</h2>
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {!data && isLoading && <p aria-busy="true">{messages.loading}</p>}
      {data?.length === 0 && <p class="empty">{messages.noImports}</p>}
      {data?.map((one) => (
        <ImportReport key={one.id} report={one} />
      ))}
    </section>
  )
}
