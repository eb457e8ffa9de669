import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A change in the report of `redocly diff`; its places are JSON pointers. */
interface Change {
  path: string
  kind: 'added' | 'removed' | 'modified'
  impact: 'major' | 'minor' | 'patch'
  verdicts: { impact: string; message: string }[]
  property?: string
  base?: { value?: unknown }
  revision?: { value?: unknown }
}

/** What Redocly takes for harmless, and we don't. */
const OVERLOOKED: { sentence: string; holds(change: Change): boolean }[] = [
  {
    sentence: 'A field is not taken any more: what is sent of it is lost.',
    holds: ({ path, kind }) => kind === 'removed' && /\/requestBody\/.+\/properties\/[^/]+$/.test(path)
  },
  {
    sentence: 'A body became required.',
    holds: ({ path, kind, revision }) =>
      kind === 'added' &&
      path.endsWith('/requestBody') &&
      Reflect.get(Object(revision?.value), 'required') === true
  },
  {
    sentence: 'A way to authenticate is gone.',
    holds: ({ path, kind }) => kind === 'removed' && /\/security\/\d+$/.test(path)
  },
  {
    sentence: 'A parameter has another name, by which the client’s types call it.',
    holds: ({ path, property }) => property === 'name' && /\/parameters\/\d+$/.test(path)
  }
]

/**
 * What of an OpenAPI document breaks clients that were made by an older one: a line for each, `PUT /profile/: sentence (place)`.
 * What answers may hold must not grow by values that a client does not expect; what requests may hold must not shrink.
 * @param before path of the older document
 * @param after path of the newer document
 */
export function findBreakingChanges(before: string, after: string): string[] {
  return compare(before, after).flatMap((change) =>
    sentencesOf(change).map((sentence) => `${operationAt(change.path)}: ${sentence} (${change.path})`)
  )
}

function sentencesOf(change: Change): string[] {
  const judged = change.verdicts.filter(({ impact }) => impact === 'major').map(({ message }) => message)
  if (judged.length > 0) return judged
  if (change.impact === 'major') return ['It changed.']
  return OVERLOOKED.filter(({ holds }) => holds(change)).map(({ sentence }) => sentence)
}

/** The operation that a pointer leads into, or what else of the document it does. */
function operationAt(pointer: string): string {
  const [, first = '', path = '', method = ''] = pointer
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  return first === 'paths' ? `${method.toUpperCase()} ${path}`.trim() : first
}

/** By Redocly's comparison, which knows what is sent from what is answered. It is called experimental: its tests are ours. */
function compare(before: string, after: string): Change[] {
  const cli = `${root}/node_modules/@redocly/cli/bin/cli.js`
  const options = ['--format', 'json', '--config', `${root}/redocly.yaml`]
  const { stdout, stderr } = spawnSync(process.execPath, [cli, 'diff', before, after, ...options], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
  })
  const isReport = stdout.startsWith('{')
  const report = isReport ? JSON.parse(stdout) : undefined
  if (report?.reportVersion !== '1')
    throw new Error(`no comparison of a form that is known: ${stdout}${stderr}`)
  return report.changes
}
