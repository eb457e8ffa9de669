import { mkdirSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { MAIN } from '../../test/service.ts'
import { createMembers, type Members } from '../harness/members.ts'
import type { Outcome, Scenario, ScenarioOptions } from '../harness/scenario.ts'
import { type Server, startServer } from '../harness/server.ts'
import { createTally, type Tally } from '../harness/tally.ts'
import { UNHURRIED } from '../harness/unhurried.ts'
import { askForLoop, WATCHING_LOOP } from './loop-report.ts'
import { type Neighbourly, startNeighbour } from './neighbour.ts'
import { watchReads } from './watch-reads.ts'

const MEMBERS = 6
/** How long writes wait for a lock: the service's own default. */
const BUSY_MS = 5000
const SHORT_HOLD_MS = 1000
const LONG_HOLD_MS = 8000
const MAX_LOOP_MS = 100
const MAX_READ_MS = 1000
/** Pages after which the log is copied, in the part about readers. */
const SHORT_LOG = 100
const ROUNDS = { full: 6, ci: 1 }

/** A service with people, and what is watched while something goes on. */
interface Ground {
  server: Server
  folder: string
  database: string
  members: Members
  tally: Tally
}

async function run(options: ScenarioOptions): Promise<Outcome> {
  const zeros = [
    'phases',
    'requests',
    'writes that waited and succeeded',
    'writes refused after the timeout',
    'losses',
    'torn'
  ]
  const tally = createTally(zeros)
  await withService(`${options.folder}/data`, [MAIN], tally, async (ground) => {
    await watched('nobody else', ground, () => writeFor(ground, SHORT_HOLD_MS))
    for (let round = 0; round < ROUNDS[options.size]; round++) {
      for (const how of ['immediate', 'exclusive'] as const) {
        options.say(`${how}, round ${round}`)
        await watched(`${how}, shortly`, ground, () => holdShortly(ground, how))
        if (how === 'immediate' || options.size === 'full')
          await watched(`${how}, for long`, ground, () => holdLong(ground, how))
      }
      await watched('a backup and a writer', ground, () => besideOthers(ground))
    }
  })
  const program = fileURLToPath(new URL('../harness/short-log-service.ts', import.meta.url))
  await withService(`${options.folder}/log`, [program, String(SHORT_LOG)], tally, (ground) =>
    watched('a reader that stays', ground, () => outlastReader(ground))
  )
  return tally.outcome()
}

async function withService(
  folder: string,
  program: string[],
  tally: Tally,
  work: (ground: Ground) => Promise<void>
): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const server = await startServer(folder, {
    env: UNHURRIED,
    program: [...WATCHING_LOOP, ...program]
  })
  const database = `${folder}/data/profile.db`
  const members = createMembers('m', tally)
  members.moveTo(server.origin)
  try {
    await Promise.all(Array.from({ length: MEMBERS }, members.signUp))
    await work({ server, folder, database, members, tally })
    await server.end('SIGTERM')
    if (server.child.exitCode !== 0) tally.fail(`it ended with ${server.child.exitCode}: ${server.stderr()}`)
    members.checkRows(database)
  } finally {
    if (server.child.exitCode === null) await server.end()
  }
}

/** Reads all the while, and looks how late the service's loop was, and the slowest of the reads. */
async function watched(
  what: string,
  { server, folder, members, tally }: Ground,
  work: () => Promise<void>
): Promise<void> {
  tally.during(what)
  await askForLoop(server, folder)
  const stopReading = watchReads(members)
  await work()
  const { slowestMs, reads } = await stopReading()
  const loop = await askForLoop(server, folder)
  const kind = what === 'nobody else' ? ', by itself' : ''
  tally.count('reads meanwhile', reads)
  tally.atMost(`slowest read${kind}, ms`, slowestMs)
  tally.atMost(`longest turn${kind}, ms`, loop.longestMs)
  tally.atMost(`longest turn without others’ time${kind}, ms`, loop.longestWithoutOthersMs)
  tally.atMost('longest garbage collection, ms', loop.longestCollectionMs)
  if (slowestMs > MAX_READ_MS) tally.fail(`a read took ${Math.round(slowestMs)} ms`)
  if (loop.longestWithoutOthersMs > MAX_LOOP_MS)
    tally.fail(`the event loop stood still for ${Math.round(loop.longestWithoutOthersMs)} ms`)
  tally.count('phases')
}

async function writeFor({ members }: Ground, ms: number): Promise<void> {
  for (const until = Date.now() + ms; Date.now() < until; )
    await Promise.all(members.present().map((member) => members.rename(member)))
}

const renameAll = ({ members }: Ground) => members.present().map((member) => members.rename(member))

/** Shorter than writes wait: all of them come about. */
async function holdShortly(ground: Ground, how: Neighbourly): Promise<void> {
  const release = await startNeighbour(ground.database, how)
  const writes = renameAll(ground)
  await sleep(SHORT_HOLD_MS)
  await release()
  const done = (await Promise.all(writes)).filter(Boolean).length
  ground.tally.count('writes that waited and succeeded', done)
  if (done < writes.length)
    ground.tally.fail('a write was refused, though the lock was held for a second only')
}

/** Longer than writes wait: they are refused then, those that came late are done. */
async function holdLong(ground: Ground, how: Neighbourly): Promise<void> {
  const { members, tally } = ground
  const release = await startNeighbour(ground.database, how)
  const since = Date.now()
  const early = Promise.all(renameAll(ground)).then((done) => ({ done, ms: Date.now() - since }))
  await sleep(LONG_HOLD_MS - SHORT_HOLD_MS)
  const late = [members.signUp()]
  await sleep(SHORT_HOLD_MS)
  await release()
  const { done, ms } = await early
  tally.atMost('ms that refused writes waited', ms)
  tally.count('writes refused after the timeout', done.filter((one) => !one).length)
  if (done.includes(true)) tally.fail('a write was acknowledged while another process held the lock')
  if (ms < BUSY_MS - 500 || ms > LONG_HOLD_MS - 500) tally.fail(`writes were refused after ${ms} ms`)
  const succeeded = (await Promise.all(late)).filter(Boolean).length
  tally.count('writes that waited and succeeded', succeeded)
  if (succeeded < late.length) tally.fail('a write that came a second before the end of the lock was refused')
}

/** Writes of others and a copy of everything: no write of ours is lost or torn, and none need be refused. */
async function besideOthers(ground: Ground): Promise<void> {
  const ends = await Promise.all(
    (['backup', 'writer'] as const).map((how) => startNeighbour(ground.database, how))
  )
  await writeFor(ground, 2 * SHORT_HOLD_MS)
  await Promise.all(ends.map((end) => end()))
  if (!(await Promise.all(renameAll(ground))).every(Boolean))
    ground.tally.fail('a write was refused after they had gone')
}

/** Where a reader holds its view, the log can't begin anew: it grows, until the reader ends, and no more then. */
async function outlastReader(ground: Ground): Promise<void> {
  const { database, tally } = ground
  const logBytes = () => statSync(`${database}-wal`).size
  const release = await startNeighbour(database, 'snapshot')
  await writeFor(ground, 2 * SHORT_HOLD_MS)
  const grown = logBytes()
  await release()
  await writeFor(ground, SHORT_HOLD_MS)
  const after = logBytes()
  await writeFor(ground, 2 * SHORT_HOLD_MS)
  tally.count('log with a reader, KB', Math.round(grown / 1024))
  tally.count('log after it, KB', Math.round(logBytes() / 1024))
  if (grown < 2 * SHORT_LOG * 4096) tally.fail('the log did not grow, so nothing was held back')
  if (logBytes() > Math.max(after, grown + SHORT_LOG * 4096))
    tally.fail('the log went on growing after the reader had ended')
}

const scenario: Scenario = {
  name: 'locked',
  title: 'A lock that another process holds keeps writes waiting, never the event loop, and never reads.',
  run
}

export default scenario
