import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../test/helper.ts'
import { type Random, seeded } from '../../test/hostile/seeded.ts'
import { run as runProgram } from '../../test/service.ts'
import { type BusyClient, createBusyClient } from '../harness/busy-client.ts'
import { type Connection, openConnection } from '../harness/connection.ts'
import type { KnownAccount } from '../harness/known-account.ts'
import { readRows } from '../harness/rows.ts'
import type { Outcome, Scenario, ScenarioOptions } from '../harness/scenario.ts'
import { type Server, startServer } from '../harness/server.ts'
import { createTally, type Tally } from '../harness/tally.ts'
import { UNHURRIED } from '../harness/unhurried.ts'
import { makeUploads } from '../harness/uploads.ts'
import { checkRestored } from './check-restored.ts'
import { createHistory, type History } from './history.ts'
import { judgeCut, type Period } from './judge-cut.ts'
import { killRestore } from './kill-restore.ts'

const BACKUPS = { full: 20, ci: 3 }
/** So many write whatever there is to write, so many replace one picture again and again. */
const CLIENTS = 12
const PAINTERS = 4
/** How long the load goes on before a backup. */
const LOAD_MS = 700
/** Longer than a backup takes from its first file on. */
const KILL_MS = 100

interface Ground {
  folder: string
  server: Server
  clients: BusyClient[]
  painters: BusyClient[]
  /** Each has one account. A number is written to the first's, and then to the second's. */
  counters: [BusyClient, BusyClient]
  history: History
  ask: Connection['ask']
  random: Random
  tally: Tally
}

async function run({ size, seed, folder, say }: ScenarioOptions): Promise<Outcome> {
  const zeros = [
    'backups',
    'writes answered',
    'writes compared',
    'of them answered while the backup was made',
    'losses',
    'inconsistent',
    'damaged ones refused',
    'killed ones refused'
  ]
  const tally = createTally(zeros)
  const history = createHistory(() => tally.count('writes answered'))
  const uploads = await makeUploads()
  const { observer } = history
  const client = (name: string, index: number) =>
    createBusyClient({ random: seeded(seed + index), uploads, observer, name })
  mkdirSync(`${folder}/source`)
  const connection = openConnection()
  const ground: Ground = {
    folder,
    server: await startServer(`${folder}/source`, { env: UNHURRIED }),
    clients: Array.from({ length: CLIENTS }, (_, index) => client(`c${index}`, index + 1)),
    painters: Array.from({ length: PAINTERS }, (_, index) => client(`p${index}`, index + 100)),
    counters: [client('first', 0), client('second', 0)],
    history,
    ask: connection.ask,
    random: seeded(seed),
    tally
  }
  try {
    // Their first write is a sign-up.
    for (const one of [...ground.counters, ...ground.painters]) await one.act(ground.server.origin)
    for (let round = 0; round < BACKUPS[size] && !tally.failed; round++) {
      tally.during(`backup ${round}`)
      await backUpAndCheck(ground, round)
      await killBackup(ground, round)
      say(`backup ${round + 1} of ${BACKUPS[size]}`)
    }
  } finally {
    for (const one of [...ground.clients, ...ground.painters, ...ground.counters, connection]) one.close()
    await ground.server.end('SIGTERM')
  }
  return tally.outcome()
}

/** Keeps the clients writing while something is done, and waits for the answers to what they have begun. */
async function underLoad<T>(
  { server, clients, painters, counters }: Ground,
  work: () => Promise<T>
): Promise<T> {
  let over = false
  async function keepBusy(act: () => Promise<void>): Promise<void> {
    while (!over) await act()
  }
  const busy = Promise.all([
    ...clients.map((client) => keepBusy(() => client.act(server.origin))),
    ...painters.map((painter) => keepBusy(() => paint(server.origin, painter))),
    keepBusy(() => countOn(server.origin, counters))
  ])
  try {
    // A write that fails fails the scenario.
    return await Promise.race([
      work(),
      busy.then(() => Promise.reject(new Error('the clients have stopped')))
    ])
  } finally {
    over = true
    await busy
  }
}

const paint = (origin: string, painter: BusyClient) =>
  painter.write(origin, accountOf(painter), { kind: 'update', texts: {}, avatar: 'uploaded' })

/** The one that it has. */
function accountOf({ accounts: [account] }: BusyClient): KnownAccount {
  if (!account) throw new Error('it has no account')
  return account
}

async function countOn(origin: string, counters: Ground['counters']): Promise<void> {
  const [first] = counters
  const next = String(Number(accountOf(first).texts.last_name.replace(/\D/g, '')) + 1)
  for (const counter of counters)
    await counter.write(origin, accountOf(counter), {
      kind: 'update',
      texts: { last_name: next },
      avatar: 'kept'
    })
}

async function backUpAndCheck(ground: Ground, round: number): Promise<void> {
  const { folder, history, ask, tally } = ground
  const { count, fail } = tally
  const backup = `${folder}/backup-${round}`
  const period: Period = { from: 0, until: 0 }
  const made = await underLoad(ground, async () => {
    await sleep(LOAD_MS)
    period.from = performance.now()
    const ended = await command(`${folder}/source`, 'backup', '--json', backup)
    period.until = performance.now()
    return ended
  })
  if (made.code !== 0) return fail(made.stderr)
  count('backups')
  tally.atMost('longest backup, ms', period.until - period.from)
  const { missing } = JSON.parse(made.stdout)
  if (missing > 0) fail(`${missing} pictures are missing in the backup`)
  const verified = await command(folder, 'restore', '--verify', backup)
  if (verified.code !== 0) fail(`its check: ${verified.stderr}`)
  await damage(backup, ground)

  const restored = `${folder}/restored`
  mkdirSync(restored)
  const { code, stderr } = await command(restored, 'restore', backup)
  if (code !== 0) return fail(`its restoration: ${stderr}`)
  const rows = readRows(`${restored}/data/profile.db`)
  const placed = judgeCut(history, rows, period, tally)
  checkCounters(ground, rows)
  await checkRestored(restored, { rows, placed, ask }, tally)
  await killRestore(`${folder}/restored-again`, backup, ground.random, tally)
  for (const path of [backup, restored]) rmSync(path, { recursive: true })
}

function checkCounters({ counters, tally }: Ground, { users }: ReturnType<typeof readRows>): void {
  const [first = 0, second = 0] = counters.map((counter) =>
    Number(users.get(accountOf(counter).id ?? 0)?.last_name.replace(/\D/g, ''))
  )
  tally.count('counters compared')
  if (first !== second && first !== second + 1) tally.fail(`the counters are ${first} and ${second}`)
}

/** One flipped bit of a copy, anywhere. */
async function damage(backup: string, { folder, random, tally }: Ground): Promise<void> {
  const copy = `${folder}/damaged`
  cpSync(backup, copy, { recursive: true })
  const files = readdirSync(copy, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const [first, ...others] = files.map(({ parentPath, name }) => `${parentPath}/${name}`)
  if (first === undefined) return tally.fail('there is nothing in the backup')
  const path = random.pick([first, ...others])
  const bytes = readFileSync(path)
  const at = random.below(bytes.length)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
  writeFileSync(path, bytes)
  const { code, stderr } = await command(folder, 'restore', '--verify', copy)
  if (code === 1) tally.count('damaged ones refused')
  else tally.fail(`a bit of ${path} at ${at} was flipped, and its check answered ${code}: ${stderr}`)
  rmSync(copy, { recursive: true })
}

/** What is killed was not finished, and says so, or is whole. */
async function killBackup(ground: Ground, round: number): Promise<void> {
  const { folder, random, tally } = ground
  const backup = `${folder}/killed-${round}`
  await underLoad(ground, async () => {
    const { child, ended } = runProgram(`${folder}/source`, { args: ['backup', backup] })
    await eventually('it has begun', () => existsSync(backup))
    await sleep(random.below(KILL_MS))
    child.kill('SIGKILL')
    await ended
  })
  const isFinished = existsSync(`${backup}/manifest.json`)
  const { code, stderr } = await command(folder, 'restore', '--verify', backup)
  if (code !== (isFinished ? 0 : 1)) tally.fail(`a killed backup’s check answered ${code}: ${stderr}`)
  tally.count(isFinished ? 'killed after they were finished' : 'killed ones refused')
  rmSync(backup, { recursive: true })
}

const command = (folder: string, ...args: string[]) => runProgram(folder, { args }).ended

const scenario: Scenario = {
  name: 'backup',
  title: 'A backup made under load is of one instant, and what is damaged or not finished is not restored.',
  run
}

export default scenario
