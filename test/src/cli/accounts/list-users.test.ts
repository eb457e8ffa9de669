import { readdirSync } from 'node:fs'
import t, { type Test } from 'tap'
import { openSqliteStores } from '../../../../src/stores/sqlite/open-sqlite.ts'
import { command, sql } from '../../../commands.ts'
import { buildTestApp, FIELDS } from '../../../helper.ts'
import { run, startService } from '../../../service.ts'

const JOINED = Date.UTC(2024, 0, 15, 10, 30, 59)

/** A stopped service's folder with as many users: user 1 is a superuser, user 2 of the staff, user 3 inactive. */
async function folderWithUsers(t: Test, count: number): Promise<string> {
  const folder = t.testdir({})
  const { users, close } = openSqliteStores({ path: `${folder}/data/profile.db` })
  const made = Array.from({ length: count }, (_, index) => {
    const username = `user${index + 1}`
    const texts = {
      username,
      email: `${username}@example.com`,
      firstName: '',
      lastName: '',
      numberPhone: null
    }
    const rights = { isStaff: index < 2, isSuperuser: index < 1 }
    return users.create({ ...texts, passwordHash: 'argon2$secret', dateJoined: JOINED, ...rights })
  })
  await Promise.all(made)
  await close()
  sql(folder, 'update users set is_active = 0 where id = 3')
  sql(folder, 'update users set last_login = ? where id = 1', JOINED + 86_400_000)
  return folder
}

t.test('a table has a line for each user, and filters narrow it down', async (t) => {
  const folder = await folderWithUsers(t, 3)
  const all = [
    'id  username  email              active  staff  superuser  joined            last login',
    '1   user1     user1@example.com  yes     yes    yes        2024-01-15 10:30  2024-01-16 10:30',
    '2   user2     user2@example.com  yes     yes    no         2024-01-15 10:30  never',
    '3   user3     user3@example.com  no      no     no         2024-01-15 10:30  never'
  ]
  const cases: [args: string[], lines: number[]][] = [
    [[], [0, 1, 2, 3]],
    [['--inactive'], [0, 3]],
    [['--staff'], [0, 1, 2]],
    [['--superusers'], [0, 1]],
    [['--staff', '--inactive'], []]
  ]
  for (const [args, lines] of cases) {
    const { code, stdout, stderr } = await command(t, folder, ['list-users', ...args])
    t.match({ code, stderr }, { code: 0, stderr: '' })
    t.equal(stdout, lines.map((index) => `${all[index]}\n`).join(''), args.join(' '))
  }
})

t.test('as JSON each has the fields that the service answers', async (t) => {
  const folder = t.testdir({})
  const service = await buildTestApp(t, { folder })
  const { access } = await service.signUp({ first_name: 'Ada', number_phone: '12' })
  sql(folder, 'update users set avatar = ?', 'a b.jpg')
  const answer = (await service.call('GET', '/api/profile/', { token: access })).json()
  const { stdout } = await command(t, folder, ['list-users', '--json'])
  t.strictSame(Object.keys(JSON.parse(stdout)), FIELDS)
  t.strictSame(JSON.parse(stdout), answer)
})

t.test('users of many pages come in order, each once, beside the running service', async (t) => {
  const folder = await folderWithUsers(t, 1203)
  await startService(t, folder)
  const { code, stdout } = await command(t, folder, ['list-users', '--json'])
  t.equal(code, 0)
  const ids = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).id)
  t.strictSame(
    ids,
    Array.from({ length: 1203 }, (_, index) => index + 1)
  )
  t.equal((await command(t, folder, ['list-users'])).stdout.split('\n').length, 1205)
})

t.test('a reader who has seen enough ends it', async (t) => {
  const folder = await folderWithUsers(t, 3000)
  for (const args of [['list-users'], ['list-users', '--json']]) {
    const { child, ended } = run(folder, { args })
    child.stdout.once('data', () => child.stdout.destroy())
    t.match(await ended, { code: 0, signal: null, stderr: '' })
  }
})

t.test('what strangers put into their names gives a terminal no orders', async (t) => {
  const folder = await folderWithUsers(t, 1)
  const hostile = '"\x1b[2J\x07\x7f"@example.com'
  sql(
    folder,
    'update users set email = ?, username = ?, first_name = ?',
    hostile,
    'a\u202eb\u009bc\n',
    '\u{e0041}\u2028'
  )
  const table = await command(t, folder, ['list-users'])
  t.match(
    table.stdout,
    /^1 {3}a\\u\{202e\}b\\u\{9b\}c\\u\{a\} +"\\u\{1b\}\[2J\\u\{7\}\\u\{7f\}"@example\.com +yes/m
  )
  const json = await command(t, folder, ['list-users', '--json'])
  t.match(JSON.parse(json.stdout), {
    email: hostile,
    username: 'a\u202eb\u009bc\n',
    first_name: '\u{e0041}\u2028'
  })
  for (const { stdout } of [table, json]) t.notMatch(stdout, /[^\n\x20-\x7e]/)
})

t.test('where there is no database, or words that it does not know, nothing is made', async (t) => {
  const folder = t.testdir({})
  t.match(await command(t, folder, ['list-users']), {
    code: 2,
    stdout: '',
    stderr: `There are no users yet: ${folder}/data/profile.db does not exist.\n`
  })
  for (const words of [['all'], ['--active']])
    t.match(await command(t, folder, ['list-users', ...words]), {
      code: 2,
      stdout: '',
      stderr: /^fastify-user-profile list-users \[options\]$/m
    })
  t.strictSame(readdirSync(folder), [])
})
