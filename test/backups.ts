import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import type { Test } from 'tap'
import { adoptPictures } from './adopted-pictures.ts'
import { sql } from './commands.ts'
import { type Account, buildTestApp, withDatabase } from './helper.ts'
import { jpeg, png } from './pictures.ts'
import { run } from './service.ts'

/** The service makes its secret itself, as it does where none is set. */
export const OWN_SECRET = { JWT_SECRET: '' }

/** Runs a command in a folder. */
export const runIn = (folder: string, ...args: string[]) => run(folder, { args }).ended

export interface Deployment {
  /** A stopped service's folder. */
  folder: string
  accounts: Account[]
  /** The names of everybody's pictures, in the order of the accounts. */
  avatars: string[]
}

/** A stopped service's folder with something of everything; each user has a picture. */
export async function deployed(t: Test, { users = 3 } = {}): Promise<Deployment> {
  const folder = t.testdir({})
  const service = await buildTestApp(t, { folder, env: OWN_SECRET })
  const accounts: Account[] = []
  const avatars: string[] = []
  for (let index = 0; index < users; index++) {
    const account = await service.signUp({ first_name: `first ${index}` })
    const bytes = index % 2 === 0 ? await jpeg() : await png()
    const { avatar } = (await service.update(account, { form: [['avatar', { bytes }]] })).json()
    accounts.push(account)
    avatars.push(avatar.replace('/media/avatars/', ''))
  }
  // A square of the first, which the service makes anew.
  await service.call('GET', `/media/avatars/${avatars[0]?.replace(/\.\w+$/, '')}@64.webp`)
  await service.app.close()
  return { folder, accounts, avatars }
}

/** Adds what only imports, identity providers and administrators bring. */
export async function addForeign(folder: string, { id }: Account): Promise<string> {
  const [key = ''] = await adoptPictures(folder, { 'users/a b/é%.jpg': await jpeg() })
  sql(folder, 'update users set avatar = ?, extra = ? where id = ?', key, '{"bio":"ü"}', id)
  sql(folder, "insert into user_identities values ('https://id.example.com', 's', ?)", id)
  sql(folder, 'insert into imported_users values (?, ?)', id, Buffer.from([0, 255, 1]))
  for (const [act, outcome, changes] of [
    [7, 'done', '{"email":["a\\u0000","ü"]}'],
    [9, 'begun', null]
  ])
    sql(
      folder,
      "insert into audit_log values (?, 5, ?, 'root', 4711, 'gone', 'update', '::1', ?, ?)",
      act,
      id,
      outcome,
      changes
    )
  sql(folder, `insert into imports values (3, 6, '{"users":{"read":1}}', '[{"finding":"invalid"}]')`)
  return key
}

interface Content {
  /** The rows of each table. */
  rows: Record<string, unknown[]>
  /** What each file of the folder of pictures holds, squares left out. */
  pictures: Record<string, string>
}

/** All that a backup has to bring back. */
export function contentOf(folder: string): Content {
  return {
    rows: withDatabase(`${folder}/data/profile.db`, (database) => {
      const tables = database
        .prepare<[], string>(
          "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
        )
        .pluck()
        .all()
      return Object.fromEntries(
        tables.map((table) => [table, database.prepare(`select * from "${table}" order by 1, 2`).all()])
      )
    }),
    pictures: Object.fromEntries(
      readdirSync(`${folder}/media/avatars`)
        .filter((name) => !name.includes('@'))
        .sort()
        .map((name) => [name, digestOf(`${folder}/media/avatars/${name}`)])
    )
  }
}

export const digestOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

/** Backs up; the folder is beside the service's data. */
export async function backedUp(folder: string, name = 'backup'): Promise<string> {
  const { code, stderr } = await runIn(folder, 'backup', name)
  if (code !== 0) throw new Error(stderr)
  return `${folder}/${name}`
}

/** As a stranger would who knows how manifests are made: another manifest, and a checksum that fits it. */
export function rewriteManifest(backup: string, change: (text: string) => string): void {
  const path = `${backup}/manifest.json`
  const [content = ''] = change(readFileSync(path, 'utf8')).split('],"checksum":"')
  const checksum = createHash('sha256').update(content).digest('hex')
  writeFileSync(path, `${content}],"checksum":"${checksum}"}\n`)
}

/** The manifest says of a file what it holds now. */
export function listAnew(backup: string, name: string): void {
  const bytes = readFileSync(`${backup}/${name}`).length
  const entry = JSON.stringify({ name, bytes, sha256: digestOf(`${backup}/${name}`) })
  const before = new RegExp(`\\{"name":"${name.replaceAll('.', '\\.')}","bytes":(\\d+),[^}]*\\}`)
  rewriteManifest(backup, (text) => {
    const old = Number(before.exec(text)?.[1])
    return text
      .replace(before, entry)
      .replace(/"bytes":(\d+)\},"files"/, (_all, sum) => `"bytes":${Number(sum) - old + bytes}},"files"`)
  })
}

/** What is at a path, if anything: its names, where it is a folder. */
export const found = (path: string): string[] | undefined =>
  existsSync(path) ? readdirSync(path).sort() : undefined

/** A backup, and a service that went on after it: one user changed, one left, one came, pictures too. */
export async function movedOn(t: Test) {
  const { folder, accounts, avatars } = await deployed(t)
  const backup = await backedUp(folder)
  const then = contentOf(folder)
  const service = await buildTestApp(t, { folder, env: OWN_SECRET })
  const [ada, bob] = accounts as [(typeof accounts)[0], (typeof accounts)[0]]
  const form: Parameters<typeof service.update>[1] = { form: [['avatar', { bytes: await jpeg() }]] }
  await service.update(ada, form)
  await service.call('DELETE', `/api/profile/${bob.id}/delete/`, { token: bob.access })
  const late = await service.signUp()
  await service.update(late, form)
  await service.app.close()
  // Whose squares, strays and half-written files are old enough to be wrong.
  for (const name of ['stray.jpg', `${'0'.repeat(32)}@64.webp`, '.half.tmp'])
    leave(folder, `media/avatars/${name}`)
  mkdirSync(`${folder}/media/.uploads`, { recursive: true })
  leave(folder, 'media/.uploads/abandoned')
  return { folder, backup, then, accounts, avatars, late }
}

function leave(folder: string, path: string): void {
  const old = Date.now() / 1000 - 90_000
  writeFileSync(`${folder}/${path}`, 'left')
  utimesSync(`${folder}/${path}`, old, old)
}

/** Rows and pictures are those, and nothing else is left. */
export async function isThen(t: Test, folder: string, then: ReturnType<typeof contentOf>): Promise<void> {
  t.strictSame(contentOf(folder), then)
  t.match(await runIn(folder, 'doctor'), { code: 0, stdout: /^0 files without a user \(0 more/ })
  const left = (found(`${folder}/data`) ?? []).filter((name) => !name.includes('-damaged-'))
  t.strictSame(left, ['jwt-secret', 'profile.db'])
}
