import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { OpenStores } from '../../src/app.ts'
import type { MediaKey } from '../../src/avatars/media-store.ts'
import { adoptPictures } from '../adopted-pictures.ts'
import { type Account, buildTestApp, type FilePart } from '../helper.ts'
import { buildOverStores } from '../own-stores.ts'
import { jpeg, png } from '../pictures.ts'

const avatar = (bytes: Buffer): [string, FilePart] => ['avatar', { bytes }]

/** The service with a user for each of these paths of pictures. */
async function withUsersOf(t: Test, paths: string[], env: Record<string, string> = {}) {
  const service = await buildTestApp(t, { env })
  const bytes = await jpeg()
  const keys = await adoptPictures(service.folder, Object.fromEntries(paths.map((path) => [path, bytes])))
  const users: Account[] = []
  for (const key of keys) {
    const user = await service.signUp()
    service.sql('update users set avatar = ? where id = ?', key, user.id)
    users.push(user)
  }
  const shown = async (user: Account): Promise<string | null> =>
    (await service.call('GET', '/api/profile/', { token: user.access })).json().avatar
  return { ...service, users, keys, shown }
}

t.test('a picture from elsewhere is shown by the URL that it had, to the letter', async (t) => {
  const urls = {
    'avatars/alice@example.com (1).jpg': '/media/avatars/alice%40example.com%20(1).jpg',
    'profile_pics/2024/05/foo_Xy12.jpg': '/media/profile_pics/2024/05/foo_Xy12.jpg',
    'avatars/2024/foo.jpg': '/media/avatars/2024/foo.jpg',
    "users/añil's+100%.jpg": "/media/users/a%C3%B1il's%2B100%25.jpg",
    'foo.jpg': '/media/foo.jpg'
  }
  const { users, shown, call } = await withUsersOf(t, Object.keys(urls))
  for (const [index, url] of Object.values(urls).entries()) {
    const user = users[index] as Account
    t.equal(await shown(user), url)
    for (const query of ['', '?size=64', '?size=2048'])
      t.equal((await call('GET', `/api/avatars/${user.id}${query}`)).headers.location, url, query)
    t.equal((await call('GET', url)).headers['content-type'], 'image/jpeg', url)
  }
})

t.test('under another MEDIA_URL too', async (t) => {
  const { users, shown, call } = await withUsersOf(t, ['users/a b.jpg'], { MEDIA_URL: '/static/pictures/' })
  const url = await shown(users[0] as Account)
  t.equal(url, '/static/pictures/users/a%20b.jpg')
  t.equal((await call('GET', String(url))).statusCode, 200)
})

t.test('a name of 32 digits from elsewhere gets squares like one that was given out here', async (t) => {
  const stem = '0123456789abcdef0123456789abcdef'
  const { users, call } = await withUsersOf(t, [`avatars/${stem}.jpg`])
  const location = `/media/avatars/${stem}@64.webp`
  t.equal((await call('GET', `/api/avatars/${users[0]?.id}?size=64`)).headers.location, location)
  t.equal((await call('GET', location)).headers['content-type'], 'image/webp')
})

t.test('a new avatar, none, and the end of the account each delete the picture from elsewhere', async (t) => {
  const paths = ['users/a/x.jpg', 'avatars/b (1).jpg', 'c.jpg']
  const { users, keys, update, call, shown, pictures, row, folder } = await withUsersOf(t, paths)
  const [ada, bob, cyd] = users as [Account, Account, Account]
  t.strictSame(pictures().sort(), [...keys].sort())
  t.equal((await update(ada, { form: [avatar(await png())] })).statusCode, 200)
  t.match(await shown(ada), /^\/media\/avatars\/[0-9a-f]{32}\.png$/)
  t.strictSame(pictures().sort(), [String(row(ada.id)?.avatar), ...keys.slice(1)].sort())
  t.equal((await call('GET', '/media/users/a/x.jpg')).statusCode, 404)
  t.equal((await update(bob, { json: { avatar: null } })).json().avatar, null)
  const end = await call('DELETE', `/api/profile/${cyd.id}/delete/`, { token: cyd.access })
  t.equal(end.statusCode, 204)
  t.strictSame(pictures(), [row(ada.id)?.avatar])
  t.strictSame(readdirSync(join(folder, 'elsewhere')).sort(), ['avatars', 'c.jpg', 'users'])
})

t.test('a picture of several users is deleted with the last of them', async (t) => {
  const { users, keys, update, call, sql, shown, pictures, row } = await withUsersOf(t, [
    'avatars/default.png',
    'unused/1.png',
    'unused/2.png'
  ])
  const [ada, bob, cyd] = users as [Account, Account, Account]
  const [shared] = keys
  sql('update users set avatar = ?', shared)
  const keepsShared = async (user: Account) => {
    t.equal(await shown(user), '/media/avatars/default.png')
    t.equal((await call('GET', '/media/avatars/default.png')).statusCode, 200)
  }
  await update(ada, { form: [avatar(await png())] })
  await keepsShared(bob)
  await call('DELETE', `/api/profile/${bob.id}/delete/`, { token: bob.access })
  await keepsShared(cyd)
  await update(cyd, { json: { avatar: null } })
  t.equal((await call('GET', '/media/avatars/default.png')).statusCode, 404)
  t.strictSame(
    pictures().filter((name) => !name.includes('unused')),
    [row(ada.id)?.avatar]
  )
})

t.test(
  'a picture of several users stays with the others under a name like those given out here too',
  async (t) => {
    const name = 'avatars/0123456789abcdef0123456789abcdef.png'
    const { users, keys, update, call, sql, shown, pictures } = await withUsersOf(t, [name, 'unused.png'])
    const [ada, bob] = users as [Account, Account]
    sql('update users set avatar = ?', keys[0])
    await update(ada, { json: { avatar: null } })
    t.equal(await shown(bob), `/media/${name}`)
    t.equal((await call('GET', `/media/${name}`)).statusCode, 200)
    await update(bob, { json: { avatar: null } })
    t.strictSame(pictures(), keys.slice(1))
  }
)

t.test(
  'where nobody can say whose a picture from elsewhere is, it stays, and the update holds',
  async (t) => {
    let away = false
    const lines: string[] = []
    const logger = { level: 'warn', stream: { write: (line: string) => void lines.push(line) } }
    const wrap = ({ users }: OpenStores) => ({
      users: {
        ...users,
        async findReferencedMedia(keys: readonly MediaKey[]) {
          if (away) throw new Error('away')
          return users.findReferencedMedia(keys)
        }
      }
    })
    const { signUp, update, pictures, sql, folder } = await buildOverStores(t, wrap, { logger })
    const ada = await signUp()
    const [first] = await adoptPictures(folder, { 'avatars/ada.png': await png() })
    sql('update users set avatar = ?', first)
    away = true
    const response = await update(ada, { form: [avatar(await jpeg())] })
    t.equal(response.statusCode, 200)
    const second = response.json().avatar.replace('/media/avatars/', '')
    t.strictSame(pictures().sort(), [first, second].sort())
    t.match(
      lines.map((line) => JSON.parse(line)),
      [{ level: 40, key: first, err: { message: 'away' } }]
    )
  }
)
