import { rmSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { createNewAccounts } from '../../../src/cli/accounts/new-account.ts'
import { makeFirstAdmin } from '../../../src/cli/first-admin.ts'
import type { FirstAdmin } from '../../../src/config.ts'
import { openSqliteStores } from '../../../src/stores/sqlite/open-sqlite.ts'
import { makeUser, userRows } from '../../commands.ts'
import { PASSWORD } from '../../helper.ts'
import { run, signInAt, startService } from '../../service.ts'

const ADMIN = { ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD_FILE: 'password' }

t.test('a start without a superuser makes one who can sign in; later starts read nothing', async (t) => {
  const folder = t.testdir({ password: `${PASSWORD}\n` })
  const first = await startService(t, folder, { ...ADMIN, SIGN_UP: 'closed' })
  const signIn = await signInAt(first.origin, 'root@example.com', PASSWORD)
  t.equal(signIn.status, 200)
  t.match(await signIn.json(), {
    user: { id: 1, username: 'admin', is_active: true, is_staff: true, is_superuser: true }
  })
  await first.stop()
  t.notMatch(first.stderr(), /There is no account yet/)
  t.match(first.stdout(), /"userId":1,"msg":"made the first superuser"/)
  t.notMatch(first.stdout() + first.stderr(), /correct horse|argon2\$|root@/)

  rmSync(`${folder}/password`)
  const before = userRows(folder)
  const second = await startService(t, folder, { ...ADMIN, ADMIN_USERNAME: 'other' })
  await second.stop()
  t.strictSame(userRows(folder), before)
  t.notMatch(second.stdout(), /first superuser/)
})

t.test('other users are no reason against it', async (t) => {
  const folder = t.testdir({ password: PASSWORD })
  await makeUser(t, folder, 'ada', '--no-password')
  await (await startService(t, folder, { ...ADMIN, ADMIN_USERNAME: ' Chef ' })).stop()
  t.match(userRows(folder), [
    { username: 'ada', is_superuser: 0 },
    { username: 'Chef', is_staff: 1, is_superuser: 1 }
  ])
})

t.test('of two services that start at once one makes it, and both run', async (t) => {
  const folder = t.testdir({ password: PASSWORD })
  const services = await Promise.all([startService(t, folder, ADMIN), startService(t, folder, ADMIN)])
  t.equal(userRows(folder).length, 1)
  for (const { origin } of services) t.equal((await fetch(`${origin}/api/profile/`)).status, 401)
})

/** A store of its own, and the settings for an administrator whose password is in a file of the folder. */
function openFor(t: Test, folder: string) {
  const { users, close } = openSqliteStores({ path: ':memory:' })
  t.teardown(close)
  const admin = (username: string, email: string, file: string) => ({
    username,
    email,
    passwordFile: `${folder}/${file}`
  })
  return { users, admin, count: async () => (await users.list(undefined, 10)).length }
}

t.test('who finds the names taken by another’s superuser goes on', async (t) => {
  const { users, admin, count } = openFor(t, t.testdir({ password: PASSWORD }))
  const settings = admin('admin', 'root@example.com', 'password')
  await createNewAccounts(users, { isSuperuser: true }).make({ ...settings, password: PASSWORD })
  let asked = 0
  // The other process makes it right after the first look.
  const late = { ...users, hasSuperuser: async () => asked++ > 0 && users.hasSuperuser() }
  t.equal(await makeFirstAdmin(late, settings), undefined)
  t.equal(asked, 2)
  t.equal(await count(), 1)
})

t.test('what can’t be made is said of each setting, without the password', async (t) => {
  const folder = t.testdir({
    password: PASSWORD,
    weak: 'hunter2\n',
    empty: '',
    newline: '\n',
    lines: 'hunter2\ntwo\n'
  })
  writeFileSync(`${folder}/long`, 'x'.repeat(129))
  writeFileSync(`${folder}/longer`, 'x'.repeat(5000))
  const { users, admin, count } = openFor(t, folder)
  await createNewAccounts(users, {}).make({ username: 'ada', email: 'ada@example.com', password: PASSWORD })
  const weak =
    'ADMIN_PASSWORD_FILE: This password is too short. It must contain at least 8 characters. This password is too common.'
  const wayOut =
    'That user is no superuser. Make one of another name by "fastify-user-profile create-superuser", or unset the ADMIN_… settings.'
  const email = 'root@example.com'
  const cases: [settings: FirstAdmin, said: string][] = [
    [
      admin('root', email, 'missing'),
      `ADMIN_PASSWORD_FILE: ENOENT: no such file or directory, open '${folder}/missing'`
    ],
    [admin('root', email, 'weak'), weak],
    [admin('root', email, 'empty'), 'ADMIN_PASSWORD_FILE: This field may not be blank.'],
    [admin('root', email, 'newline'), 'ADMIN_PASSWORD_FILE: This field may not be blank.'],
    [admin('root', email, 'lines'), 'ADMIN_PASSWORD_FILE: expected one line'],
    [admin('root', email, 'long'), 'ADMIN_PASSWORD_FILE: Ensure this field has no more than 128 characters.'],
    [admin('root', email, 'longer'), 'ADMIN_PASSWORD_FILE: expected at most 4096 bytes'],
    [admin('root', 'nowhere', 'weak'), `ADMIN_EMAIL: This field must be a valid email address.\n${weak}`],
    [admin('Ada', email, 'password'), `ADMIN_USERNAME: A user with that username already exists.\n${wayOut}`],
    [
      admin('root', 'ADA@example.com', 'password'),
      `ADMIN_EMAIL: A user with that email already exists.\n${wayOut}`
    ]
  ]
  for (const [settings, message] of cases)
    await t.rejects(makeFirstAdmin(users, settings), { name: 'ConfigError', message })
  t.equal(await count(), 1)
})

t.test('where it can’t be made, the service does not start', async (t) => {
  const folder = t.testdir({ password: 'hunter2\n' })
  const { code, stdout, stderr } = await run(folder, { env: { PORT: '0', ...ADMIN } }).ended
  t.equal(code, 1)
  t.match(stderr, /^fastify-user-profile could not start: ADMIN_PASSWORD_FILE: This password is too short\./)
  t.notMatch(stdout + stderr, /hunter2|Server listening|^\s+at /m)
  t.strictSame(userRows(folder), [])
})
