import { readdirSync, utimesSync } from 'node:fs'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { picturesOf } from '../../src/avatars/media-names.ts'
import type { MediaKey } from '../../src/avatars/media-store.ts'
import { encodeForm, eventually } from '../helper.ts'
import { seeded } from '../hostile/seeded.ts'
import { noise } from '../pictures.ts'
import { childrenOf, isRunning, NEEDS_PROC } from '../processes.ts'
import { run, type Service, startService } from '../service.ts'
import { type Avatar, createRestlessClient, isExplained } from './restless-client.ts'

const CYCLES = 12
const CLIENTS = 8
const SWEEP_MS = 20_000
/** `KILL_SEED=…` repeats what the clients do and when the service is killed, as far as a race can be repeated. */
const SEED = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000)

async function makeUpload(side: number) {
  const bytes = await (await noise(side, side)).jpeg().toBuffer()
  return encodeForm([['avatar', { bytes }]])
}

function rowsOf(folder: string): Map<number, string | null> {
  const database = new Database(`${folder}/data/profile.db`, { readonly: true })
  try {
    const rows = database.prepare<[], { id: number; avatar: string | null }>('select id, avatar from users')
    return new Map(rows.all().map(({ id, avatar }) => [id, avatar]))
  } finally {
    database.close()
  }
}

/** Everything that lies there becomes two hours old. */
function age(folder: string): void {
  const then = Date.now() / 1000 - 7200
  for (const name of readdirSync(folder)) utimesSync(`${folder}/${name}`, then, then)
}

/** @returns how many decoders it had */
async function killAfter(service: Service, milliseconds: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  const decoders = childrenOf(service.child.pid ?? 0)
  await service.stop('SIGKILL')
  await eventually('the decoders ended with the service', () => !decoders.some(isRunning))
  return decoders.length
}

type Rows = ReturnType<typeof rowsOf>

const namedBy = (rows: Rows) => new Set([...rows.values()].filter((avatar) => avatar !== null))

/** The files that are neither a row's picture nor made of one. */
function straysIn(folder: string, rows: Rows): string[] {
  const named = namedBy(rows)
  const isInUse = (name: string) => picturesOf(name as MediaKey).some((key) => named.has(key))
  return readdirSync(folder).filter((name) => !isInUse(name))
}

/** The pictures that rows name and that can't be decoded, or are not there. */
async function unreadableIn(folder: string, rows: Rows): Promise<string[]> {
  const unreadable: string[] = []
  for (const name of namedBy(rows)) {
    await sharp(`${folder}/${name}`)
      .stats()
      .catch(() => unreadable.push(name))
  }
  return unreadable
}

/** Starts the service on what a kill has left, and waits until its start has cleaned up. */
async function recover(t: Test, folder: string, rows: Rows): Promise<void> {
  const [avatars, spool] = [`${folder}/media/avatars`, `${folder}/media/.uploads`]
  for (const one of [avatars, spool]) age(one)
  const service = await startService(t, folder)
  await eventually(
    'no file was left but those that rows name',
    () => straysIn(avatars, rows).length === 0 && readdirSync(spool).length === 0,
    SWEEP_MS
  )
  t.strictSame(await unreadableIn(avatars, rows), [], 'every picture that a row names is still there')
  t.strictSame(rowsOf(folder), rows, 'no row changed')
  t.strictSame(await service.stop(), { code: 0, signal: null })
  const { code, stdout } = await run(folder, { args: ['doctor'] }).ended
  t.match({ code, stdout }, { code: 0, stdout: /^0 files without a user \(0 more .* Nothing is wrong\.\n$/ })
}

t.test(
  `killed at any instant, the service keeps every acknowledged picture and no other (KILL_SEED=${SEED})`,
  NEEDS_PROC,
  async (t) => {
    const folder = t.testdir({})
    const avatars = `${folder}/media/avatars`
    const uploads = [await makeUpload(40), await makeUpload(200), await makeUpload(900)] as const
    const given = new Set<string>()
    const random = seeded(SEED)
    const clients = Array.from({ length: CLIENTS }, (_, index) =>
      createRestlessClient({ uploads, given, random: seeded(SEED + index + 1) })
    )
    const left = { pending: 0, strays: 0, uploads: 0, decoders: 0 }
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const service = await startService(t, folder)
      const running = clients.map((client) => client.run(service.origin, () => service.child.killed))
      const [decoders] = await Promise.all([killAfter(service, 300 + random.below(2200)), ...running])

      const rows = rowsOf(folder)
      const known = clients.flatMap(({ accounts }) => accounts)
      const unexplained = known
        .map((account) => ({ ...account, access: '', found: rows.get(account.id) as Avatar }))
        .filter((account) => !isExplained(account, account.found, given))
      t.strictSame(unexplained, [], 'every row is as acknowledged, or as the request in flight would have it')
      const ids = new Set(known.map(({ id }) => id))
      t.notOk(
        [...rows].some(([id, avatar]) => !ids.has(id) && avatar !== null),
        'an account that nobody heard of has no avatar'
      )
      t.strictSame(await unreadableIn(avatars, rows), [], 'every picture that a row names can be read')
      left.pending += known.filter(({ pending }) => pending !== undefined).length
      left.strays += straysIn(avatars, rows).length
      left.uploads += readdirSync(`${folder}/media/.uploads`).length
      left.decoders += decoders

      await recover(t, folder, rows)
      for (const client of clients) client.settle((id) => rows.get(id))
    }
    t.ok(given.size > CYCLES && left.pending > 0 && left.decoders > 0, 'it was killed in the midst of work')
    t.comment(
      `${given.size} pictures acknowledged; ${CYCLES} kills left ${left.pending} requests to accounts without an answer, ` +
        `${left.strays} strays and ${left.uploads} uploads on their way, and ended ${left.decoders} decoders`
    )
  }
)
