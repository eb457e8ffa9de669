import { readdirSync } from 'node:fs'
import t from 'tap'
import { encodeForm, PASSWORD } from '../helper.ts'
import { heavyPictures } from '../hostile/heavy-pictures.ts'
import { hostileFiles } from '../hostile/hostile-files.ts'
import { TRACES } from '../hostile/polyglots.ts'
import { SEED } from '../hostile/seeded.ts'
import { crashesOf, straysOf, watchMemory } from '../hostile/watch-service.ts'
import { bombs } from '../made-pictures/bombs.ts'
import { manyFrames } from '../made-pictures/write-gif.ts'
import { png } from '../pictures.ts'
import { startService } from '../service.ts'

const AT_ONCE = 8
const BOMBS_AT_ONCE = 20

/** Far above what is measured, far below what a small machine has. */
const MAX_MEGABYTES = { service: 400, decoder: 1000 }

type Named = [name: string, bytes: Buffer]

interface Row {
  kind: string
  tried: number
  refused: number
  stored: number
  failed: number
  crashes: number
  strays: number
}

interface Account {
  url: string
  headers: { authorization: string }
}

async function signUp(origin: string, username: string): Promise<Account> {
  const response = await fetch(`${origin}/api/sign-up/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, email: `${username}@example.com`, password: PASSWORD })
  })
  const { user, access } = (await response.json()) as { user: { id: number }; access: string }
  return { url: `${origin}/api/profile/${user.id}/`, headers: { authorization: `Bearer ${access}` } }
}

async function upload(account: Account, bytes: Buffer): Promise<{ status: number; text: string }> {
  const { body, type } = await encodeForm([['avatar', { bytes }]])
  const response = await fetch(`${account.url}update/`, {
    method: 'PUT',
    headers: { ...account.headers, 'content-type': type },
    body: new Uint8Array(body)
  })
  return { status: response.status, text: await response.text() }
}

/** What is wrong with a picture that the service stored and serves. */
async function faultOf(origin: string, text: string): Promise<string | undefined> {
  const response = await fetch(origin + JSON.parse(text).avatar)
  const type = response.headers.get('content-type') ?? ''
  const bytes = Buffer.from(await response.arrayBuffer())
  if (response.status !== 200) return `it is not served: ${response.status}`
  const traces = TRACES.filter((trace) => bytes.includes(trace, 0, 'latin1'))
  if (traces.length > 0) return `it holds ${traces.join(', ')}`
  return /^image\/(?:jpeg|png|webp)$/.test(type) ? undefined : `it is served as ${type}`
}

const table = (rows: Row[]) =>
  rows
    .map((row) => Object.values(row).map(String))
    .map(([kind = '', ...figures]) =>
      [kind.padEnd(10), ...figures.map((figure) => figure.padStart(8))].join(' |')
    )

t.test('whatever is uploaded, the service goes on, and keeps nothing but pictures', async (t) => {
  const folder = t.testdir()
  const service = await startService(t, folder, {
    LOG_LEVEL: 'warn',
    // What is slow here is the machine.
    AVATAR_DECODE_TIMEOUT: '60'
  })
  const { origin, child } = service
  const peak = watchMemory(t, child.pid ?? 0)
  const accounts = await Promise.all(
    Array.from({ length: BOMBS_AT_ONCE }, (_, index) => signUp(origin, `user${index}`))
  )
  const faults: string[] = []
  const rows: Row[] = []

  async function uploadAll(kind: string, files: Named[], atOnce: number): Promise<void> {
    const row: Row = { kind, tried: 0, refused: 0, stored: 0, failed: 0, crashes: 0, strays: 0 }
    const crashesBefore = crashesOf(service)
    const left = files.values()
    const work = async (account: Account) => {
      for (const [name, bytes] of left) {
        row.tried++
        const { status, text } = await upload(account, bytes)
        if (status === 400) row.refused++
        else if (status === 200) {
          row.stored++
          const fault = await faultOf(origin, text)
          if (fault !== undefined) faults.push(`${kind}, ${name}: ${fault}`)
        } else {
          row.failed++
          faults.push(`${kind}, ${name}: ${status} ${text}`)
        }
      }
    }
    await Promise.all(accounts.slice(0, atOnce).map(work))
    row.crashes = crashesOf(service) - crashesBefore
    row.strays = straysOf(folder).length
    rows.push(row)
  }

  t.comment(`seed: ${SEED}`)
  for (const [kind, files] of Object.entries(await hostileFiles(SEED, { damaged: 500, random: 30 })))
    await uploadAll(
      kind,
      files.map(({ name, bytes }): Named => [name, bytes]),
      AT_ONCE
    )
  await uploadAll('heavy', await heavyPictures(), AT_ONCE)

  const kinds: Named[] = [...Object.entries(bombs(await png())), ['100,000 frames', manyFrames(100_000)]]
  const parallel = Array.from({ length: BOMBS_AT_ONCE }, (_, index) => kinds[index % kinds.length]).flatMap(
    (bomb) => (bomb ? [bomb] : [])
  )
  const reads: number[] = []
  const reader = new AbortController()
  const reading = (async () => {
    const [account] = accounts
    while (account && !reader.signal.aborted) {
      const response = await fetch(account.url, { headers: account.headers })
      await response.arrayBuffer()
      reads.push(response.status)
    }
  })()
  await uploadAll('bombs', parallel, BOMBS_AT_ONCE)
  reader.abort()
  await reading

  t.comment('kind       |   tried | refused |  stored |     5xx | crashes |  strays')
  for (const line of table(rows)) t.comment(line)
  t.comment(`profile reads while the bombs came in: ${reads.length}`)
  t.comment(`peak memory: service ${peak.service.toFixed(0)} MB, a decoder ${peak.decoder.toFixed(0)} MB`)

  t.strictSame(faults, [])
  t.ok(reads.length > 0)
  t.strictSame([...new Set(reads)], [200], 'reads were answered all the time')
  const of = (kind: string) => rows.find((row) => row.kind === kind)
  t.match(of('bombs'), { tried: BOMBS_AT_ONCE, refused: BOMBS_AT_ONCE })
  t.equal(of('heavy')?.refused, 0, 'what the limits allow is taken')
  t.ok(rows.every(({ refused, stored, kind }) => kind === 'heavy' || refused > stored))
  t.equal(child.exitCode, null, 'it is still the same process')
  t.equal(child.signalCode, null)
  t.equal((await fetch(`${accounts[0]?.url}`, { headers: accounts[0]?.headers ?? {} })).status, 200)
  t.strictSame(straysOf(folder), [])
  t.strictSame(readdirSync(`${folder}/media/.uploads`), [])
  t.ok(peak.service < MAX_MEGABYTES.service, `the service had ${peak.service.toFixed(0)} MB at most`)
  t.ok(peak.decoder < MAX_MEGABYTES.decoder, `a decoder had ${peak.decoder.toFixed(0)} MB at most`)
  t.strictSame(await service.stop(), { code: 0, signal: null })
})
