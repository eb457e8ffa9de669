import type { Import } from '../api/admin-api.ts'
import { useFormats } from '../formats/formats.ts'
import { useAdminMessages } from '../language/messages.ts'
import { Findings } from './findings.tsx'

/** Those of an object's values that are counts of something. */
const countsOf = (value: unknown): [string, number][] =>
  Object.entries(Object(value)).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] > 0
  )

/** One import: its counts, and what it found. Whatever a later version's report says besides is shown as it is called. */
export function ImportReport({ report: { at, summary, findings } }: { report: Import }) {
  const messages = useAdminMessages()
  const formats = useFormats()
  const names: Readonly<Record<string, string>> = messages.importCounts
  const kinds: Readonly<Record<string, string>> = messages.findingKinds
  const groups = [
    { name: messages.users, counts: countsOf(summary.users) },
    { name: messages.picturesOf, counts: countsOf(summary.pictures) },
    { name: messages.tokensOf, counts: countsOf(summary.tokens) },
    { name: messages.findings, counts: countsOf(summary.findings), kinds: true }
  ]
  return (
    <details class="import">
      <summary>
        {formats.time(at)}
        {typeof summary.database === 'string' && <code>{summary.database}</code>}
        {summary.dry_run === true && <span class="badge">{messages.dryRun}</span>}
      </summary>
      <dl class="facts">
        {groups.map(({ name, counts, kinds: isKinds }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {counts.length === 0
                ? messages.none
                : counts
                    .map(
                      ([key, count]) => `${(isKinds ? kinds : names)[key] ?? key}: ${formats.number(count)}`
                    )
                    .join(' · ')}
            </dd>
          </div>
        ))}
      </dl>
      {findings.length > 0 && <Findings findings={findings} />}
    </details>
  )
}
