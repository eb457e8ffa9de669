import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { createMembers, type Member } from '../harness/members.ts'
import { readRows } from '../harness/rows.ts'
import type { Outcome, Scenario, ScenarioOptions } from '../harness/scenario.ts'
import { type Server, startServer } from '../harness/server.ts'
import { sweepAndCheck } from '../harness/sweep-and-check.ts'
import { createTally, type Tally } from '../harness/tally.ts'
import { timedAsk } from '../harness/timed-ask.ts'
import { UNHURRIED } from '../harness/unhurried.ts'
import { makeUploads } from '../harness/uploads.ts'
import { installSchemathesis } from './install-schemathesis.ts'
import { readReport } from './read-report.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const SECONDS = {
  full: { 'signed in': 420, 'signed out': 180 },
  ci: { 'signed in': 40, 'signed out': 15 }
}

async function run({ size, seed, folder, say }: ScenarioOptions): Promise<Outcome> {
  const tally = createTally([
    'requests',
    'checks',
    'operations',
    'operations that succeeded',
    'failures',
    '5xx'
  ])
  const program = await installSchemathesis()
  const [root, log] = [`${folder}/service`, `${folder}/service.log`]
  mkdirSync(root)
  const server = await startServer(root, { env: UNHURRIED, log })
  const database = `${root}/data/profile.db`
  const seen = { operations: new Set<string>(), succeeded: new Set<string>() }
  try {
    const people = await settle(server, tally)
    const before = rowsOf(database, people.others)
    const known = `${folder}/people.json`
    writeFileSync(known, JSON.stringify({ origin: server.origin, ...people }))
    for (const [index, who] of (['signed in', 'signed out'] as const).entries()) {
      say(who)
      tally.during(who)
      const seconds = SECONDS[size][who]
      await fuzz(
        { program, server, folder: `${folder}/fuzz-${index}`, known, seconds, seed, who },
        tally,
        seen
      )
    }
    tally.during('afterwards')
    tally.count('operations', seen.operations.size)
    tally.count('operations that succeeded', seen.succeeded.size)
    if (seen.succeeded.size < seen.operations.size)
      tally.fail(`never succeeded: ${[...seen.operations].filter((one) => !seen.succeeded.has(one))}`)
    const { status } = await timedAsk(`${server.origin}/health/ready`)
    if (status !== 200 || server.child.exitCode !== null) tally.fail(`the service is not there: ${status}`)
    for (const line of readFileSync(log, 'utf8').split('\n').filter(Boolean))
      tally.fail(`it logged ${line.slice(0, 500)}`)
    if (!isDeepStrictEqual(rowsOf(database, people.others), before)) tally.fail('somebody else’s row changed')
    const { damage, users } = readRows(database)
    for (const found of damage) tally.fail(found)
    for (const id of people.deleted) if (users.has(id)) tally.fail(`the user ${id}, who was deleted, is back`)
    tally.count('users', users.size)
  } finally {
    await server.end('SIGTERM')
  }
  if (server.child.exitCode !== 0) tally.fail(`the service ended with ${server.child.exitCode}`)
  await sweepAndCheck({ root, media: `${root}/media`, database }, tally)
  return tally.outcome()
}

/** Who there is: nobody's row but that of the one who signs in may change. */
async function settle({ origin }: Server, tally: Tally) {
  const members = createMembers('p', { ...tally, count() {} })
  members.moveTo(origin)
  for (let person = 0; person < 4; person++) await members.signUp()
  const [ada, bob, eve, leaver] = members.all
  const [upload] = await makeUploads()
  if (!ada || !bob || !eve || !leaver) throw new Error('nobody could sign up')
  await members.upload(ada, upload)
  await members.delete(leaver)
  const idOf = ({ id }: Member) => id
  return {
    others: [ada, bob].map(idOf),
    deleted: [idOf(leaver)],
    signs_in: { username: eve.username, email: `${eve.username}@example.com` },
    picture: `avatars/${ada.avatar}`
  }
}

const rowsOf = (database: string, ids: readonly number[]) => {
  const { users } = readRows(database)
  return ids.map((id) => users.get(id))
}

interface FuzzRun {
  program: string
  server: Server
  folder: string
  known: string
  seconds: number
  seed: number
  who: 'signed in' | 'signed out'
}

async function fuzz(
  { program, server, folder, known, seconds, seed, who }: FuzzRun,
  tally: Tally,
  seen: { operations: Set<string>; succeeded: Set<string> }
): Promise<void> {
  mkdirSync(folder)
  const report = `${folder}/events.ndjson`
  const args = [
    ...['--config-file', `${HERE}schemathesis.toml`, 'run', `${server.origin}/openapi.json`],
    ...['--checks', 'all', '--mode', 'all', '--continue-on-failure', '--no-color'],
    ...[
      '--seed',
      String(seed),
      '--max-time',
      String(seconds),
      '--report',
      'ndjson',
      '--report-ndjson-path',
      report
    ]
  ]
  const child = spawn(program, args, {
    cwd: folder,
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: folder,
      PYTHONPATH: HERE,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUTF8: '1',
      SCHEMATHESIS_HOOKS: 'hooks',
      FUZZ_PEOPLE: known,
      FUZZ_SEED: String(seed),
      FUZZ_SIGNED_IN: who === 'signed in' ? 'yes' : 'no'
    },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let written = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      written = (written + text).slice(-20_000)
    })
  const [code] = await once(child, 'close')
  // 1 says that there are findings.
  if (code !== 0 && code !== 1) throw new Error(`schemathesis ended with ${code}: ${written}`)
  const { requests, checks, successes, serverErrors, failures } = await readReport(report)
  tally.count('requests', requests)
  tally.count('checks', checks)
  tally.count('failures', failures.size)
  tally.count('5xx', serverErrors)
  for (const [operation, count] of successes) {
    if (!/^[A-Z]+ \//.test(operation)) continue
    seen.operations.add(operation)
    if (count > 0) seen.succeeded.add(operation)
  }
  for (const failure of failures) tally.fail(failure)
  if (serverErrors > 0) tally.fail(`${serverErrors} answers were 5xx`)
  if (code === 1 && failures.size === 0) tally.fail(`schemathesis found something: ${written}`)
}

const scenario: Scenario = {
  name: 'fuzz',
  title:
    'Whatever the interface’s own description lets somebody make up gets an answer that it describes, and changes nobody else.',
  run
}

export default scenario
