import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { run as runProgram } from '../../test/service.ts'
import { openConnection } from '../harness/connection.ts'
import type { Outcome, Scenario, ScenarioOptions } from '../harness/scenario.ts'
import { startServer } from '../harness/server.ts'
import { makeOldDatabase, VERSIONS } from './old-database.ts'
import { findLostRows, readSnapshot, type Snapshot } from './snapshot.ts'

const CHILD = fileURLToPath(new URL('./ended-migration.ts', import.meta.url))
const NEVER = '1000000'
const DATABASE = 'data/profile.db'
/** How many start on one file at once, and how often that is tried. */
const AT_ONCE = 3
const RACES = { full: 8, ci: 2 }
/** In CI it is some of the statements, others in each run. */
const STEPS = { full: 1, ci: 4 }
/** At every so many statements the service itself starts, which takes longer than the same function in a process of its own. */
const START_EVERY = { full: 5, ci: 16 }

interface Context {
  folder: string
  startEvery: number
  /** How many statements lie between the kills, */
  step: number
  /** and which is the first that is not reached. */
  first: number
  /** The schema of a database that was made anew. */
  fresh: Snapshot
  count(name: string): void
  fail(text: string): void
}

async function run({ size, seed, folder, say }: ScenarioOptions): Promise<Outcome> {
  const counts: Record<string, number> = { 'schemas begun with': 0, 'kills in a migration': 0 }
  const failures: string[] = []
  const newest = `${folder}/fresh`
  makeOldDatabase(`${newest}/${DATABASE}`, 0)
  await migrate(newest, NEVER)
  const context: Context = {
    folder,
    startEvery: START_EVERY[size],
    step: STEPS[size],
    first: seed % STEPS[size],
    fresh: readSnapshot(`${newest}/${DATABASE}`),
    count: (name) => {
      counts[name] = (counts[name] ?? 0) + 1
    },
    fail: (text) => failures.push(text)
  }
  for (let version = 0; version < VERSIONS; version++) {
    say(`from ${version} migrations`)
    context.count('schemas begun with')
    await killAtEachStatement(version, context)
    for (let race = 0; race < RACES[size]; race++) await migrateAtOnce(version, context)
  }
  return { counts, failures }
}

/** Ends a migration before its first statement, before its next, and so on, until one is not ended. */
async function killAtEachStatement(
  version: number,
  { folder, startEvery, step, first, fresh, count, fail }: Context
): Promise<void> {
  for (let statement = first, isOver = false; !isOver; statement += step) {
    const { place, before } = prepare(folder, version)
    const { signal, stdout, stderr } = await migrate(place, String(statement))
    isOver = stdout.includes('migrated')
    const isKilled = signal === 'SIGKILL'
    // With steps the last one may lie behind the last statement.
    if (!isKilled && !(isOver && step > 1)) fail(`from ${version}, ended at ${statement}: ${stderr}`)
    if (isKilled) count(isOver ? 'kills after a migration' : 'kills in a migration')
    const name = `from ${version} migrations, ended at statement ${statement}`
    const starts = isOver || (statement - first) % startEvery === 0
    if (starts) await start(place, version, name, { count, fail })
    else {
      const { code, stderr: reason } = await migrate(place, NEVER)
      if (code !== 0) fail(`${name}: the next start failed: ${reason}`)
    }
    compare(place, { before, fresh, name, fail, isUsed: starts })
    count('databases compared')
    rmSync(place, { recursive: true })
  }
}

async function migrateAtOnce(version: number, { folder, fresh, count, fail }: Context): Promise<void> {
  const { place, before } = prepare(folder, version)
  const name = `from ${version} migrations, ${AT_ONCE} at once`
  for (const { code, stderr } of await Promise.all(
    Array.from({ length: AT_ONCE }, () => migrate(place, NEVER))
  ))
    if (code !== 0) fail(`${name}: ${stderr}`)
  count(`migrations by ${AT_ONCE} processes at once`)
  compare(place, { before, fresh, name, fail, isUsed: false })
  count('databases compared')
  rmSync(place, { recursive: true })
}

function prepare(folder: string, version: number): { place: string; before: Snapshot | undefined } {
  const place = `${folder}/migrating`
  const original = `${folder}/version-${version}`
  mkdirSync(original, { recursive: true })
  rmSync(original, { recursive: true })
  makeOldDatabase(`${original}/${DATABASE}`, version)
  cpSync(original, place, { recursive: true })
  return { place, before: version === 0 ? undefined : readSnapshot(`${original}/${DATABASE}`) }
}

const migrate = (place: string, statement: string) =>
  runProgram(place, { main: CHILD, args: [`${place}/${DATABASE}`, statement] }).ended

interface Comparison {
  before: Snapshot | undefined
  fresh: Snapshot
  name: string
  fail(text: string): void
  /** Whether an account was added to it since. */
  isUsed: boolean
}

function compare(place: string, { before, fresh, name, fail, isUsed }: Comparison): void {
  const after = readSnapshot(`${place}/${DATABASE}`)
  if (JSON.stringify(after.schema.map(spaceless)) !== JSON.stringify(fresh.schema.map(spaceless)))
    fail(
      `${name}: the schema is not a new one’s: ${after.schema.filter((one) => !fresh.schema.includes(one))}`
    )
  for (const text of after.damage) fail(`${name}: ${text}`)
  if (before && !isUsed) for (const text of findLostRows(before, after)) fail(`${name}: ${text}`)
  if (before && isUsed)
    for (const text of findLostRows(before, withoutNew(before, after))) fail(`${name}: ${text}`)
}

/** How a table of records was made by hand doesn't matter. */
const spaceless = (text: string) => text.replaceAll(/\\[nt]|\s/g, '')

/** Without the rows that came after those that there were; each is known by its first column. */
function withoutNew(before: Snapshot, after: Snapshot): Snapshot {
  const keyOf = (row: Record<string, unknown>) => Object.values(row)[0]
  const rows = [...after.rows].map(([table, found]) => {
    const known = new Set(before.rows.get(table)?.map(keyOf))
    return [table, found.filter((row) => known.has(keyOf(row)))] as const
  })
  return { ...after, rows: new Map(rows) }
}

/** Starts the service, which has to answer. */
async function start(
  place: string,
  version: number,
  name: string,
  { count, fail }: Pick<Context, 'count' | 'fail'>
): Promise<void> {
  const server = await startServer(place).catch((error: unknown) => String(error))
  if (typeof server === 'string') return fail(`${name}: ${server}`)
  const { ask, close } = openConnection()
  const json = { username: 'zz-newcomer', email: `new${version}@example.com`, password: 'zebra 77 quartz' }
  const { status, body } = await ask(server.origin, { path: '/api/sign-up/', json })
  if (status !== 201) fail(`${name}: a sign-up was answered ${status} ${body}`)
  close()
  await server.end('SIGTERM')
  count('services started and asked')
}

const scenario: Scenario = {
  name: 'migrations',
  title: 'A migration that is ended at any statement is carried through at the next start, and loses no row.',
  run
}

export default scenario
