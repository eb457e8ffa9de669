import { readdirSync } from 'node:fs'
import t from 'tap'
import { readNewUserOrder } from '../../../../src/cli/accounts/create-user-options.ts'
import { createNewAccounts, type SignUpForm } from '../../../../src/cli/accounts/new-account.ts'
import { problemsIn, refusalOf } from '../../../../src/cli/command.ts'
import { openSqliteStores } from '../../../../src/stores/sqlite/open-sqlite.ts'
import { command, makeUser, userRows } from '../../../commands.ts'
import { FIELDS, PASSWORD } from '../../../helper.ts'
import { signInAt, startService } from '../../../service.ts'

const ADA = ['--username', 'ada', '--email', 'ada@example.com']

t.test('an account is made with its database, and its id is the answer', async (t) => {
  const folder = t.testdir({})
  const names = ['--first-name', ' Ada ', '--last-name', 'Lovelace', '--number-phone', '12']
  t.match(await command(t, folder, ['create-user', ...ADA, ...names]), { code: 0, stdout: '1\n', stderr: '' })
  t.match(userRows(folder), [
    {
      id: 1,
      username: 'ada',
      email: 'ada@example.com',
      first_name: 'Ada',
      last_name: 'Lovelace',
      number_phone: '12',
      password: /^argon2\$argon2id\$/,
      is_active: 1,
      is_staff: 0,
      is_superuser: 0,
      last_login: null
    }
  ])
  t.strictSame(readdirSync(`${folder}/data`), ['profile.db'], 'no secret was made')
})

t.test('a superuser is of the staff too, and can be answered as JSON', async (t) => {
  const folder = t.testdir({})
  const { code, stdout } = await command(t, folder, ['create-superuser', ...ADA, '--json'])
  t.equal(code, 0)
  t.strictSame(Object.keys(JSON.parse(stdout)), FIELDS)
  t.match(JSON.parse(stdout), { id: 1, username: 'ada', is_staff: true, is_superuser: true })
  t.match(userRows(folder), [{ is_staff: 1, is_superuser: 1 }])
})

t.test('everything that is wrong is said at once, in the words of a sign-up', async (t) => {
  const { users, close } = openSqliteStores({ path: ':memory:' })
  t.teardown(close)
  const cases: [form: SignUpForm, said: string[]][] = [
    [
      { password: '' },
      [
        '--username: This field is required.',
        '--email: This field is required.',
        'password: This field may not be blank.'
      ]
    ],
    [
      { username: 'b@d !', email: 'nowhere', first_name: 'x'.repeat(201), password: 'p'.repeat(129) },
      [
        '--username: Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.',
        '--email: This field must be a valid email address.',
        'password: Ensure this field has no more than 128 characters.',
        '--first-name: Ensure this field has no more than 200 characters.'
      ]
    ],
    [
      { username: 'newbie', email: 'newbie@example.com', password: 'newbie-9' },
      ['password: The password is too similar to the username.']
    ]
  ]
  for (const privileges of [{}, { isStaff: true, isSuperuser: true }]) {
    const accounts = createNewAccounts(users, privileges)
    for (const [form, said] of cases) {
      const problems = problemsIn(await accounts.make(form).catch((error: unknown) => error))
      t.strictSame(
        refusalOf(problems ?? {})
          .message.split('\n')
          .sort(),
        said.toSorted()
      )
    }
  }
  t.equal(await users.isEmpty(), true)
})

t.test('a refusal is written to standard error, and nobody is made', async (t) => {
  const folder = t.testdir({})
  await makeUser(t, folder, 'ada', '--no-password')
  const args = ['--username', 'ADA', '--email', 'Ada@Example.com', '--number-phone', '12345678901']
  t.match(await command(t, folder, ['create-superuser', ...args], { input: '1\n' }), {
    code: 1,
    stdout: '',
    stderr: [
      '--number-phone: Ensure this field has no more than 10 characters.',
      '--username: A user with that username already exists.',
      '--email: A user with that email already exists.',
      'password: This password is too short. It must contain at least 8 characters.',
      'password: This password is too common.',
      'password: This password is entirely numeric.\n'
    ].join('\n')
  })
  t.equal(userRows(folder).length, 1)
})

t.test('the password is the first line of standard input, or what a file holds', async (t) => {
  const folder = t.testdir({ secret: `${PASSWORD}\n` })
  const service = await startService(t, folder)
  const cases: [args: string[], input: string][] = [
    [[], `${PASSWORD}\nand another line\n`],
    [['--password-file', '-'], PASSWORD],
    [['--password-file', 'secret'], '']
  ]
  for (const [index, [args, input]] of cases.entries()) {
    const names = ['--username', `user${index}`, '--email', `user${index}@example.com`]
    t.match(await command(t, folder, ['create-user', ...names, ...args], { input }), { code: 0, stderr: '' })
    const signIn = await signInAt(service.origin, `user${index}@example.com`, PASSWORD)
    t.equal(signIn.status, 200, `by ${args.join(' ') || 'standard input'}`)
  }
})

t.test('a password that can’t be read is not guessed, and leaves no database', async (t) => {
  const folder = t.testdir({})
  const cases: [args: string[], said: RegExp][] = [
    [['--password-file', 'missing'], /^--password-file: ENOENT/],
    [[], /^standard input: expected at most 4096 bytes\n$/]
  ]
  const input = 'x'.repeat(100_000)
  for (const [args, said] of cases)
    t.match(await command(t, folder, ['create-user', ...ADA, ...args], { input }), {
      code: 2,
      stdout: '',
      stderr: said
    })
  t.strictSame(readdirSync(folder), [])
})

t.test('without a password nobody signs in, until one is set', async (t) => {
  const folder = t.testdir({})
  await makeUser(t, folder, 'ada', '--no-password')
  await makeUser(t, folder, 'bob', '--no-password')
  const [ada, bob] = userRows(folder).map(({ password }) => String(password))
  t.match(ada, /^![A-Za-z0-9]{40}$/)
  t.match(bob, /^![A-Za-z0-9]{40}$/)
  t.not(ada, bob)
  const { origin } = await startService(t, folder)
  const signIn = async (password: string) => (await signInAt(origin, 'ada', password)).status
  t.equal(await signIn(String(ada)), 400)
  t.equal(await signIn(PASSWORD), 400)
  t.match(await command(t, folder, ['set-password', 'ada']), { code: 0 })
  t.equal(await signIn(PASSWORD), 200)
})

t.test('a password as an argument is refused, and not repeated', async (t) => {
  const folder = t.testdir({})
  for (const args of [
    ['create-user', ...ADA, '--password', PASSWORD],
    ['set-password', 'ada', `--password=${PASSWORD}`]
  ]) {
    const { code, stderr, stdout } = await command(t, folder, args)
    t.match({ code, stdout }, { code: 2, stdout: '' })
    t.match(stderr, /^There is no --password: everybody on the machine sees the arguments of a program/)
    t.match(stderr, /--password-file FILE/)
  }
  t.strictSame(readdirSync(folder), [])
})

t.test('words that it does not know, or that exclude each other, are refused', async (t) => {
  const cases: [args: string[], isSuperuser: boolean, said: RegExp][] = [
    [['ada'], false, /^Unexpected argument 'ada'/],
    [['--staff'], false, /^Unknown option '--staff'/],
    [
      ['--no-password', '--password-file', 'x'],
      false,
      /^--no-password and --password-file exclude each other/
    ],
    [['--no-password'], true, /^A superuser needs a password/]
  ]
  for (const [args, isSuperuser, message] of cases)
    t.throws(() => readNewUserOrder(args, isSuperuser), { message })
})

t.test('after such words the usage follows', async (t) => {
  const folder = t.testdir({})
  for (const args of [
    ['create-user', '--staff'],
    ['create-superuser', '--no-password']
  ]) {
    const { code, stdout, stderr } = await command(t, folder, args)
    t.match({ code, stdout }, { code: 2, stdout: '' }, args.join(' '))
    t.match(stderr, new RegExp(`^fastify-user-profile ${args[0]} \\[options\\]$`, 'm'))
  }
  t.strictSame(readdirSync(folder), [])
})

t.test('a database that can’t be used is named by its setting', async (t) => {
  const folder = t.testdir({ file: 'x', data: { 'profile.db': 'no database' } })
  const cases: [env: Record<string, string>, said: RegExp][] = [
    [{ DATABASE_URL: 'sqlite:file/profile.db' }, /could not run create-user: DATABASE_URL: /],
    [{}, /could not run create-user: DATABASE_URL: .*file is not a database\n$/],
    [{ DATABASE_URL: 'sqlite::memory:' }, /could not run create-user: DATABASE_URL: a database in memory /],
    [{ PORT: 'eighty' }, /could not run create-user: PORT: /]
  ]
  for (const [env, stderr] of cases)
    t.match(await command(t, folder, ['create-user', ...ADA], { env }), { code: 2, stdout: '', stderr })
})

t.test('hashes of emails are kept where avatars are looked up by them', async (t) => {
  const folder = t.testdir({})
  await command(t, folder, ['create-user', ...ADA], { env: { LIBRAVATAR: 'on' } })
  t.match(userRows(folder), [{ email_hash: /^[0-9a-f]{64}$/ }])
})
