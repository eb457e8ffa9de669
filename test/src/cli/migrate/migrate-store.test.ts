import { readFileSync } from 'node:fs'
import t from 'tap'
import { addForeign, contentOf, deployed, OWN_SECRET } from '../../../backups.ts'
import { rowsOf, sql } from '../../../commands.ts'
import { buildTestApp } from '../../../helper.ts'
import { digestsOf, makeGround, move } from '../../../moves.ts'
import { jpeg } from '../../../pictures.ts'
import { startPostgres } from '../../../postgres.ts'

const server = await startPostgres(t)

/** Texts that one of the databases could take for something else. */
const ODD = ['', "'; drop table users; --", '\\x00 \\N {a,"b"}', 'NULL', '😀‮é', 'x'.repeat(100_000)]

t.test('rows and pictures are moved whole, and the old database takes no more writes', async (t) => {
  const { folder, accounts, avatars } = await deployed(t)
  const [ada, bob] = accounts as [(typeof accounts)[0], (typeof accounts)[0]]
  await addForeign(folder, ada)
  for (const [index, text] of ODD.entries())
    sql(
      folder,
      `insert into users (username, username_key, email, email_key, first_name, last_name, password, date_joined, last_login, extra)
       values (?, ?, ?, ?, ?, ?, '!', ?, ?, ?)`,
      `odd${index}`,
      `odd${index}`,
      `odd${index}@example.com`,
      `odd${index}@example.com`,
      text,
      text,
      [0, -1, 253_402_300_799_999, 9_007_199_254_740_991][index % 4],
      index % 2 === 0 ? null : -62_135_596_800_000,
      JSON.stringify({ text: `\0${text}` })
    )
  // A user who is gone: the next one gets another id.
  sql(folder, "update sqlite_sequence set seq = 4711 where name = 'users'")
  const { query, rows, url } = await makeGround(t, server)
  const service = await buildTestApp(t, { folder, env: OWN_SECRET })

  const args = ['--from', 'sqlite:data/profile.db', '--to', url, '--media', 'media', '--media-to', 'new']
  const ahead = await move(t, folder, ...args, '--ahead')
  t.match(ahead, { code: 0, stderr: '', stdout: /It is not moved yet: the next run brings what is new\./ })
  t.equal((await service.update(ada, { json: { first_name: 'meanwhile' } })).statusCode, 200)
  const form: Parameters<typeof service.update>[1] = { form: [['avatar', { bytes: await jpeg() }]] }
  t.equal((await service.update(bob, form)).statusCode, 200)
  await t.rejects(query('delete from users'), { code: '25006' }, 'until then nobody writes there')
  const node = buildTestApp(t, { folder: `${folder}/node`, env: { DATABASE_URL: url } })
  await t.rejects(node, /it holds a part of sqlite:.*"migrate-store" is not finished; run it again/)

  const moved = await move(t, folder, ...args, '--json')
  t.strictSame([moved.code, moved.stderr], [0, ''])
  const outcome = JSON.parse(moved.stdout)
  t.match(outcome, {
    state: 'moved',
    from: `sqlite:${folder}/data/profile.db`,
    secretFile: `${folder}/data/jwt-secret`,
    pictures: { moved: 3, present: 2, missing: 0 },
    unfit: { rows: [], more: 0 }
  })
  t.ok(outcome.tables.every(({ isEqual }: { isEqual: boolean }) => isEqual))
  t.notMatch(moved.stdout, readFileSync(`${folder}/data/jwt-secret`, 'utf8'))

  const old = contentOf(folder)
  const there = await rows()
  for (const name of Object.keys(there)) {
    const ours = (old.rows[name] ?? []) as Record<string, unknown>[]
    t.strictSame(sorted(there[name] as Record<string, unknown>[]), sorted(ours), name)
    t.equal(outcome.tables.find(({ table }: { table: string }) => table === name)?.rows, ours.length)
  }
  t.match(there.users?.[0], { first_name: 'meanwhile', email: ada.email })
  const { [avatars[1] ?? '']: replaced, ...others } = digestsOf(`${folder}/new/avatars`)
  t.type(replaced, 'string', 'what was replaced meanwhile is left to the sweep')
  t.strictSame(others, namedOf(old))
  t.strictSame(await query("select nextval('users_id_seq')::int as id"), [{ id: 4712 }])
  t.strictSame(await query("select nextval('audit_log_id_seq')::int as id"), [{ id: 10 }])
  t.strictSame(await query("select to_regclass('store_migration') as marked"), [{ marked: null }])
  await query("update users set first_name = 'new' where id = $1", [ada.id])

  const refused = await service.update(ada, { json: { first_name: 'too late' } })
  t.match([refused.statusCode, refused.headers['retry-after']], [503, /^\d+$/])
  t.equal((await service.call('GET', `/api/profile/${ada.id}/`, { token: ada.access })).statusCode, 200)
  t.equal(
    (await service.call('DELETE', `/api/profile/${bob.id}/delete/`, { token: bob.access })).statusCode,
    503
  )
  await service.app.close()
  t.strictSame(contentOf(folder).rows.users, old.rows.users)
  await t.rejects(buildTestApp(t, { folder, env: OWN_SECRET }), /everything in it was moved to postgres:/)

  t.match(await move(t, folder, ...args), { code: 0, stdout: /was moved to .* before; nothing was done/ })
  t.match(await move(t, folder, ...args, '--verify'), { code: 1, stdout: / {2}but there +9 rows.*\n {2}1\n/ })
  t.match(await move(t, folder, '--reopen'), { code: 0, stdout: /takes writes again\.\n$/ })
  const again = await buildTestApp(t, { folder, env: OWN_SECRET })
  t.equal((await again.update(ada, { json: { first_name: 'back' } })).statusCode, 200)
})

t.test('and back into a file, as they were', async (t) => {
  const { folder, accounts, avatars } = await deployed(t)
  await addForeign(folder, accounts[1] as (typeof accounts)[0])
  sql(folder, "update sqlite_sequence set seq = 99 where name = 'users'")
  const { url } = await makeGround(t, server)
  const before = contentOf(folder)
  const there = await move(t, folder, '--to', url, '--media-to', 'new')
  t.match(there, { code: 0, stdout: /JWT_SECRET has to be set to what is in .*data\/jwt-secret/ })
  const args = [
    '--from',
    url,
    '--to',
    'sqlite:back/data/profile.db',
    '--media',
    'new',
    '--media-to',
    'back/media'
  ]
  t.match(await move(t, folder, ...args), { code: 0, stderr: '' })
  const back = contentOf(`${folder}/back`)
  for (const name of Object.keys(before.rows).filter((name) => !name.startsWith('__')))
    t.strictSame(back.rows[name], before.rows[name], name)
  t.strictSame(back.pictures, namedOf(before))
  t.equal(Object.keys(back.pictures).length, avatars.length)
  t.strictSame(rowsOf(`${folder}/back`, "select seq from sqlite_sequence where name = 'users'"), [
    { seq: 99 }
  ])
  t.match(await move(t, folder, '--from', url, '--to', 'sqlite:other.db'), {
    code: 1,
    stderr: /was moved to sqlite:.*profile\.db before/
  })
  const service = await buildTestApp(t, { folder: `${folder}/back`, env: {} })
  t.equal((await service.call('POST', '/api/sign-up/', { json: signUp('late') })).json().user.id, 100)
})

t.test('pictures alone are moved, also a second time', async (t) => {
  const { folder } = await deployed(t)
  const first = await move(t, folder, '--media-to', 'new', '--json')
  t.match([first.code, JSON.parse(first.stdout)], [0, { pictures: { moved: 3, present: 0 } }])
  t.strictSame(digestsOf(`${folder}/new/avatars`), contentOf(folder).pictures)
  const second = await move(t, folder, '--media-to', 'new', '--json')
  t.match([second.code, JSON.parse(second.stdout)], [0, { pictures: { moved: 3, present: 3 } }])
})

/** The pictures that rows name. */
function namedOf({ rows, pictures }: ReturnType<typeof contentOf>): Record<string, string> {
  const named = new Set((rows.users ?? []).map((row) => (row as { avatar: string | null }).avatar))
  return Object.fromEntries(Object.entries(pictures).filter(([name]) => named.has(name)))
}

const signUp = (username: string) => ({
  username,
  email: `${username}@example.com`,
  password: 'correct horse 42'
})

/** Tables come in the order of their first columns; identities of their second one too. */
const sorted = (rows: Record<string, unknown>[]) =>
  rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort()
