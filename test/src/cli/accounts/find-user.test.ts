import { readdirSync } from 'node:fs'
import t, { type Test } from 'tap'
import { getUser, readUserName } from '../../../../src/cli/accounts/find-user.ts'
import { openSqliteStores } from '../../../../src/stores/sqlite/open-sqlite.ts'
import type { UserStore } from '../../../../src/users/user-store.ts'
import { command, makeUser } from '../../../commands.ts'

/** A store with a user for each username and email, in that order. */
async function storeWith(t: Test, names: [username: string, email: string][]): Promise<UserStore> {
  const { users, close } = openSqliteStores({ path: ':memory:' })
  t.teardown(close)
  for (const [username, email] of names) {
    const texts = { username, email, firstName: '', lastName: '', numberPhone: null }
    await users.create({ ...texts, passwordHash: '!', dateJoined: 0 })
  }
  return users
}

const find = async (users: UserStore, text: string, by?: string) =>
  (await getUser(users, readUserName([text], by))).id

t.test('a user is named by an id, an email or a username', async (t) => {
  const users = await storeWith(t, [
    ['ada', 'ada@example.com'],
    ['bob', 'bob@example.com']
  ])
  for (const [text, by] of [
    ['2'],
    ['0002'],
    ['bob'],
    ['BOB'],
    ['ｂｏｂ'],
    ['Bob@Example.com'],
    ['2', 'id'],
    ['bob', 'username'],
    ['bob@example.com', 'email']
  ] as [string, string?][]) {
    t.equal(await find(users, text, by), 2, `${text} ${by ?? ''}`)
  }
})

t.test('digits are an id, unless it is said that they are a name', async (t) => {
  const users = await storeWith(t, [
    ['ada', 'ada@example.com'],
    ['1', 'one@example.com'],
    ['77', 'other@example.com']
  ])
  t.equal(await find(users, '1'), 1)
  t.equal(await find(users, '1', 'username'), 2)
  await t.rejects(find(users, '77'), {
    exitCode: 1,
    message: 'There is no user with the id 77. (--by username or --by email looks for names.)'
  })
})

t.test('one’s email that is another’s username is not guessed about', async (t) => {
  const users = await storeWith(t, [
    ['ada', 'ada@example.com'],
    ['ada@example.com', 'eve@example.com'],
    ['cyd@example.com', 'cyd@example.com']
  ])
  await t.rejects(find(users, 'ada@example.com'), {
    exitCode: 1,
    message: 'ada@example.com is user 1 by the email, and user 2 by the username: --by says which.'
  })
  t.equal(await find(users, 'ada@example.com', 'email'), 1)
  t.equal(await find(users, 'ada@example.com', 'username'), 2)
  t.equal(await find(users, 'cyd@example.com'), 3)
})

t.test('a user that is not there is said, without what a terminal would obey', async (t) => {
  const users = await storeWith(t, [['ada', 'ada@example.com']])
  const cases: [text: string, by: string | undefined, said: string][] = [
    ['eve', undefined, 'email or username eve.'],
    ['ada', 'email', 'email ada.'],
    ['ada@example.com', 'username', 'username ada@example.com.'],
    ['ada', 'id', 'id ada.'],
    ['9'.repeat(40), 'id', `id ${'9'.repeat(40)}.`],
    ['\x1b[31meve', undefined, 'email or username \\u{1b}[31meve.']
  ]
  for (const [text, by, said] of cases)
    await t.rejects(find(users, text, by), { exitCode: 1, message: `There is no user with the ${said}` })
})

t.test('each command that takes a user says that there is none, and makes no database', async (t) => {
  const folder = t.testdir({})
  const names = ['deactivate', 'activate', 'set-password', 'issue-token']
  for (const name of names)
    t.match(await command(t, folder, [name, '1']), {
      code: 2,
      stdout: '',
      stderr: `There are no users yet: ${folder}/data/profile.db does not exist.\n`
    })
  t.strictSame(readdirSync(folder), [])
  await makeUser(t, folder, 'ada', '--no-password')
  for (const name of names)
    t.match(await command(t, folder, [name, 'eve']), {
      code: 1,
      stdout: '',
      stderr: 'There is no user with the email or username eve.\n'
    })
})

t.test('one user is named, and by nothing else', async (t) => {
  const folder = t.testdir({})
  for (const args of [
    ['deactivate'],
    ['activate', ''],
    ['set-password', 'ada', 'bob'],
    ['issue-token', 'ada', '--by', 'phone'],
    ['deactivate', 'ada', '--to', 'bob']
  ]) {
    const { code, stdout, stderr } = await command(t, folder, args)
    t.match({ code, stdout }, { code: 2, stdout: '' })
    t.match(stderr, new RegExp(`^fastify-user-profile ${args[0]} USER \\[options\\]$`, 'm'))
  }
  t.strictSame(readdirSync(folder), [])
})
