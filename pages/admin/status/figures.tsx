import type { Status } from '../api/admin-api.ts'
import { useFormats } from '../formats/formats.ts'
import { useAdminMessages } from '../language/messages.ts'

/** How much there is. What is not known is not made up. */
export function Figures({ storage }: { storage: Status['storage'] }) {
  const messages = useAdminMessages()
  const formats = useFormats()
  const known = (value: number | null, show: (value: number) => string) =>
    value === null ? <span class="quiet">{messages.notKnown}</span> : show(value)
  const users = (count: number) =>
    storage.users_estimated ? messages.about(formats.number(count)) : formats.number(count)
  return (
    <section>
      <h2>{messages.storage}</h2>
      <dl class="tiles">
        {[
          { name: messages.users, value: known(storage.users, users) },
          { name: messages.avatars, value: known(storage.avatars, formats.number) },
          { name: messages.sessions, value: known(storage.sessions, formats.number) },
          { name: messages.actsInLog, value: known(storage.acts, formats.number) },
          { name: messages.databaseSize, value: known(storage.database_bytes, formats.bytes) },
          { name: messages.databaseFree, value: known(storage.database_free_bytes, formats.bytes) },
          { name: messages.mediaFree, value: known(storage.media_free_bytes, formats.bytes) }
        ].map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
