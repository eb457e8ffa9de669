import t from 'tap'
import { command, makeUser, userRows } from '../../../commands.ts'
import { PASSWORD } from '../../../helper.ts'
import { startService } from '../../../service.ts'

const NEXT = 'a better horse 43'

t.test('a password is set beside the running service, and every token is dead at once', async (t) => {
  const folder = t.testdir({})
  await makeUser(t, folder, 'ada')
  const { origin } = await startService(t, folder)
  const call = async (path: string, body?: object, token?: string) => {
    const response = await fetch(`${origin}/api/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      ...(body && { body: JSON.stringify(body) })
    })
    return { status: response.status, json: (await response.json()) as { access: string; refresh: string } }
  }
  const { access, refresh } = (await call('sign-in/', { email: 'ada', password: PASSWORD })).json
  t.equal((await call('profile/', undefined, access)).status, 200)

  t.match(await command(t, folder, ['set-password', 'ada'], { input: `${NEXT}\n` }), {
    code: 0,
    stdout: 'The password of user 1 (ada) was set; all sessions have ended.\n',
    stderr: ''
  })
  t.equal((await call('profile/', undefined, access)).status, 401)
  t.equal((await call('token/refresh/', { refresh })).status, 401)
  t.equal((await call('sign-in/', { email: 'ada', password: PASSWORD })).status, 400)
  const again = await call('sign-in/', { email: 'ada', password: NEXT })
  t.equal(again.status, 200)
  t.equal((await call('profile/', undefined, again.json.access)).status, 200)
})

t.test('a password is judged as the service does; --force takes a weak one, but no longer one', async (t) => {
  const folder = t.testdir({ weak: 'ada\n' })
  await makeUser(t, folder, 'ada')
  const before = userRows(folder)
  const cases: [input: string, args: string[], said: string][] = [
    [
      '123\n',
      [],
      'password: This password is too short. It must contain at least 8 characters.\npassword: This password is too common.\npassword: This password is entirely numeric.\n'
    ],
    ['ada@example\n', [], 'password: The password is too similar to the email address.\n'],
    ['p'.repeat(129), ['--force'], 'password: Ensure this field has no more than 128 characters.\n'],
    ['\n', ['--force'], 'password: This field may not be blank.\n'],
    ['', ['--force'], 'password: This field may not be blank.\n'],
    ['nul\0\n', ['--force'], 'password: Null characters are not allowed.\n']
  ]
  for (const [input, args, stderr] of cases)
    t.match(await command(t, folder, ['set-password', 'ada', ...args], { input }), {
      code: 1,
      stdout: '',
      stderr
    })
  t.strictSame(userRows(folder), before)

  const forced = ['set-password', 'ada', '--force', '--password-file', 'weak']
  t.match(await command(t, folder, forced), { code: 0, stderr: '' })
  t.notMatch(userRows(folder), [{ password: before[0]?.password }])
})
