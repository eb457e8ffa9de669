import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import t from 'tap'
import { picturesOf } from '../../src/avatars/media-names.ts'
import type { MediaKey } from '../../src/avatars/media-store.ts'
import { encodeForm, eventually, PASSWORD } from '../helper.ts'
import { noise } from '../pictures.ts'
import { run, type Service, startService } from '../service.ts'

const CYCLES = 12
const CLIENTS = 8
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000)

/** The same numbers for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** What a client knows of its account. */
interface Known {
  id: number
  access: string
  /** As the last answer had it; undefined where the account was deleted. */
  avatar: string | null | undefined
  /** Whether a request got no answer since: then the next state may be there already. */
  unsure: boolean
}

/** Signs up, uploads, replaces, removes, looks at squares and deletes, until the service is gone. */
async function client(
  origin: string,
  uploads: { body: Buffer; type: string }[],
  random: () => number
): Promise<Known[]> {
  const accounts: Known[] = []
  const send = (path: string, init: RequestInit = {}) => fetch(origin + path, init)

  async function signUp(): Promise<Known> {
    const username = `user${Math.floor(random() * 1e12)}`
    const json = { username, email: `${username}@example.com`, password: PASSWORD }
    const response = await send('/api/sign-up/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(json)
    })
    const { user, access } = (await response.json()) as { user: { id: number }; access: string }
    const account: Known = { id: user.id, access, avatar: null, unsure: false }
    accounts.push(account)
    return account
  }

  async function act(account: Known): Promise<void> {
    const authorization = `Bearer ${account.access}`
    const update = `/api/profile/${account.id}/update/`
    const chance = random()
    account.unsure = true
    if (chance < 0.6) {
      const upload = uploads[Math.floor(random() * uploads.length)]
      if (!upload) throw new Error('there are no pictures')
      const headers = { authorization, 'content-type': upload.type }
      const response = await send(update, { method: 'PUT', headers, body: new Uint8Array(upload.body) })
      account.avatar = ((await response.json()) as { avatar: string }).avatar
    } else if (chance < 0.75 && account.avatar) {
      await (await send(account.avatar.replace(/\.\w+$/, '@64.webp'))).arrayBuffer()
    } else if (chance < 0.9) {
      const headers = { authorization, 'content-type': 'application/json' }
      const response = await send(update, { method: 'PATCH', headers, body: '{"avatar": null}' })
      account.avatar = ((await response.json()) as { avatar: null }).avatar
    } else {
      const response = await send(`/api/profile/${account.id}/delete/`, {
        method: 'DELETE',
        headers: { authorization }
      })
      if (response.status !== 204) throw new Error(`deletion: ${response.status}`)
      account.avatar = undefined
    }
    account.unsure = false
  }

  try {
    let account = await signUp()
    for (;;) {
      await act(account)
      if (account.avatar === undefined) account = await signUp()
    }
  } catch (error) {
    // The service was killed. Anything else fails the comparison that comes.
    if (!(error instanceof TypeError)) throw error
    return accounts
  }
}

function rowsOf(folder: string): Map<number, string | null> {
  const database = new Database(`${folder}/data/profile.db`, { readonly: true })
  try {
    const rows = database.prepare('select id, avatar from users').all() as {
      id: number
      avatar: string | null
    }[]
    return new Map(rows.map(({ id, avatar }) => [id, avatar]))
  } finally {
    database.close()
  }
}

const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)

/** Everything that lies there becomes two hours old. */
function age(folder: string): void {
  const then = Date.now() / 1000 - 7200
  for (const name of readdirSync(folder)) utimesSync(`${folder}/${name}`, then, then)
}

async function killAt(service: Service, milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  const decoders = childrenOf(service.child.pid ?? 0)
  await service.stop('SIGKILL')
  await eventually('the decoders ended with the service', () =>
    decoders.every((pid) => !existsSync(`/proc/${pid}`))
  )
}

t.test(
  `killed at any instant, the service keeps every acknowledged picture and no other (seed ${SEED})`,
  async (t) => {
    const folder = t.testdir({})
    const random = randomNumbers(SEED)
    const sizes = [60, 400, 1200]
    const uploads = await Promise.all(
      sizes.map(async (side) =>
        encodeForm([['avatar', { bytes: await (await noise(side, side)).jpeg().toBuffer() }]])
      )
    )
    const accounts = new Map<number, Known>()
    let [acknowledged, strays] = [0, 0]
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const service = await startService(t, folder)
      const clients = Array.from({ length: CLIENTS }, () => client(service.origin, uploads, random))
      await killAt(service, 600 + random() * 1800)
      const known = (await Promise.all(clients)).flat()
      for (const account of known) accounts.set(account.id, account)
      acknowledged += known.length

      const rows = rowsOf(folder)
      for (const { id, avatar, unsure } of accounts.values()) {
        if (unsure) continue
        const expected = avatar?.replace('/media/avatars/', '') ?? avatar
        if (rows.get(id) !== expected) t.fail(`user ${id} has ${rows.get(id)}, not ${expected}`)
      }
      // What was in flight is settled now.
      for (const account of accounts.values()) {
        const avatar = rows.get(account.id)
        account.avatar = avatar ? `/media/avatars/${avatar}` : avatar
        account.unsure = false
      }
      const [avatars, spool] = [`${folder}/media/avatars`, `${folder}/media/.uploads`]
      const named = new Set([...rows.values()].filter((avatar) => avatar !== null))
      const isStray = (name: string) => !picturesOf(name as MediaKey).some((key) => named.has(key))
      for (const name of named)
        t.ok((await sharp(`${avatars}/${name}`).stats()).channels.length > 0, 'it decodes')
      strays += readdirSync(avatars).filter(isStray).length + readdirSync(spool).length

      age(avatars)
      age(spool)
      const again = await startService(t, folder)
      await eventually('the strays were removed', () => !readdirSync(avatars).some(isStray))
      await eventually('the uploads on their way were removed', () => readdirSync(spool).length === 0)
      t.strictSame(
        [...named].filter((name) => !existsSync(`${avatars}/${name}`)),
        [],
        'every picture is still there'
      )
      await again.stop()
      const { code, stdout } = await run(folder, { args: ['doctor'] }).ended
      t.equal(code, 0, stdout)
    }
    t.ok(acknowledged > CYCLES, `${acknowledged} accounts`)
    t.comment(`${acknowledged} accounts, ${strays} strays left by ${CYCLES} kills, all of them removed`)
  }
)
