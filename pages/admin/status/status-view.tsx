import { getStatus } from '../api/admin-api.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useTitle } from '../app/use-title.ts'
import { Failure } from '../components/failure.tsx'
import { Time } from '../formats/time.tsx'
import { useAdminMessages } from '../language/messages.ts'
import { Figures } from './figures.tsx'
import { Imports } from './imports.tsx'

/** How the service is, how much there is in it, and what came from elsewhere. */
export function StatusView() {
  const messages = useAdminMessages()
  useTitle(messages.status)
  const { data, error, isLoading, reload } = useLoaded([], getStatus)
  return (
    <>
      <header class="title-row">
        <h1 tabIndex={-1}>{messages.status}</h1>
        <button type="button" class="secondary outline" aria-busy={isLoading} onClick={reload}>
          {messages.refresh}
        </button>
      </header>
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {!data && isLoading && <p aria-busy="true">{messages.loading}</p>}
      {data && (
        <>
          <section>
            <h2>{messages.health}</h2>
            <dl class="tiles">
              {(['database', 'pictures'] as const).map((part) => (
                <div key={part}>
                  <dt>{messages.parts[part]}</dt>
                  <dd>
                    <span class={data.health[part] === 'ok' ? 'badge good' : 'badge bad'}>
                      {messages.healths[data.health[part]]}
                    </span>
                  </dd>
                </div>
              ))}
              <div>
                <dt>{messages.version}</dt>
                <dd>{data.service.version}</dd>
              </div>
              <div>
                <dt>Node.js</dt>
                <dd>{data.service.node}</dd>
              </div>
              <div>
                <dt>{messages.runningSince}</dt>
                <dd>
                  <Time at={data.service.started_at} />
                </dd>
              </div>
            </dl>
          </section>
          <Figures storage={data.storage} />
        </>
      )}
      <Imports />
    </>
  )
}
