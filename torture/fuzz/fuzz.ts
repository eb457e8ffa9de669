import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
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
import type { FuzzReport } from './read-report.ts'
import { runSchemathesis } from './run-schemathesis.ts'

const SIGNED_IN = 'signed in'
const SECONDS = {
  full: { [SIGNED_IN]: 420, 'signed out': 180 },
  ci: { [SIGNED_IN]: 40, 'signed out': 15 }
}

/** Of a short run some operations never get what they need. */
const MAY_MISS = { full: 0, ci: 5 }

/** Operations that were asked for, and those that were done. */
interface Seen {
  operations: Set<string>
  succeeded: Set<string>
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
  const [root, log, known] = [`${folder}/service`, `${folder}/service.log`, `${folder}/people.json`]
  mkdirSync(root)
  const server = await startServer(root, { env: UNHURRIED, log })
  const database = `${root}/data/profile.db`
  try {
    const people = await settle(server, tally)
    const before = rowsOf(database, people.others)
    writeFileSync(known, JSON.stringify({ origin: server.origin, ...people }))
    const seen: Seen = { operations: new Set(), succeeded: new Set() }
    for (const [who, seconds] of Object.entries(SECONDS[size])) {
      say(who)
      tally.during(who)
      const own = { folder: `${folder}/${who}`, seconds, signedIn: who === SIGNED_IN }
      const report = await runSchemathesis({ program, origin: server.origin, people: known, seed, ...own })
      addReport(report, tally, seen)
    }
    tally.during('afterwards')
    judgeSeen(seen, MAY_MISS[size], tally)
    const { status } = await timedAsk(`${server.origin}/health/ready`)
    if (status !== 200 || server.child.exitCode !== null) tally.fail(`the service is not there: ${status}`)
    // At its level it logs nothing but faults.
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

/** Who signs in is no administrator, */
const ADMINISTRATION = / \/api\/admin\//
/** and brings no cookie. */
const BY_COOKIE = 'POST /api/session/'

function judgeSeen({ operations, succeeded }: Seen, mayMiss: number, tally: Tally): void {
  tally.count('operations', operations.size)
  tally.count('operations that succeeded', succeeded.size)
  for (const one of succeeded) if (ADMINISTRATION.test(one)) tally.fail(`${one} let somebody in`)
  const open = [...operations].filter((one) => !ADMINISTRATION.test(one) && one !== BY_COOKIE)
  const never = open.filter((one) => !succeeded.has(one))
  if (operations.size === 0 || never.length > mayMiss) tally.fail(`never succeeded: ${never}`)
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

function addReport(report: FuzzReport, tally: Tally, seen: Seen): void {
  const { requests, checks, successes, serverErrors, failures } = report
  tally.count('requests', requests)
  tally.count('checks', checks)
  tally.count('failures', failures.size)
  tally.count('5xx', serverErrors)
  for (const [operation, count] of successes) {
    // Sequences of several have other labels.
    if (!/^[A-Z]+ \//.test(operation)) continue
    seen.operations.add(operation)
    if (count > 0) seen.succeeded.add(operation)
  }
  for (const failure of failures) tally.fail(failure)
  if (serverErrors > 0) tally.fail(`${serverErrors} answers were 5xx`)
}

const scenario: Scenario = {
  name: 'fuzz',
  title:
    'Whatever the interface’s own description lets somebody make up gets an answer that it describes, and changes nobody else.',
  run
}

export default scenario
