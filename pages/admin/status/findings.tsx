import type { Import } from '../api/admin-api.ts'
import { userHref } from '../app/route.ts'
import { type Column, Listing } from '../components/listing.tsx'
import { useAdminMessages } from '../language/messages.ts'

type Finding = Import['findings'][number]

const KNOWN = new Set(['user', 'finding', 'outcome'])

/** What an import had to tell of single users. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  const messages = useAdminMessages()
  const kinds: Readonly<Record<string, string>> = messages.findingKinds
  const outcomes: Readonly<Record<string, string>> = messages.findingOutcomes
  const said = (names: Readonly<Record<string, string>>, value: unknown) =>
    names[String(value)] ?? String(value)
  const details = (finding: Finding) =>
    Object.entries(finding)
      .filter(([name]) => !KNOWN.has(name))
      .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(', ')
  const columns: Column<Finding>[] = [
    {
      name: 'user',
      header: messages.userId,
      cell: ({ user }) =>
        typeof user === 'number' ? <a href={userHref(user)}>{user}</a> : JSON.stringify(user)
    },
    { name: 'finding', header: messages.finding, cell: ({ finding }) => said(kinds, finding) },
    {
      name: 'details',
      header: messages.details,
      kind: 'long',
      cell: details,
      isBlank: (finding) => details(finding) === ''
    },
    { name: 'outcome', header: messages.outcome, cell: ({ outcome }) => said(outcomes, outcome) }
  ]
  return (
    <Listing
      caption={messages.findings}
      columns={columns}
      rows={findings}
      keyOf={(finding) => findings.indexOf(finding)}
    />
  )
}
