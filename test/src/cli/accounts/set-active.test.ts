import t from 'tap'
import { command, makeUser, userRows } from '../../../commands.ts'
import { PASSWORD } from '../../../helper.ts'
import { signInAt, startService } from '../../../service.ts'

t.test('who is deactivated beside the running service is refused at the very next request', async (t) => {
  const folder = t.testdir({})
  await makeUser(t, folder, 'ada')
  const { origin } = await startService(t, folder)
  const signIn = () => signInAt(origin, 'ada', PASSWORD)
  const { access } = (await (await signIn()).json()) as { access: string }
  const read = () => fetch(`${origin}/api/profile/`, { headers: { authorization: `Bearer ${access}` } })
  t.equal((await read()).status, 200)

  t.match(await command(t, folder, ['deactivate', 'ada']), {
    code: 0,
    stdout: 'Ended all sessions of, and deactivated, user 1 (ada).\n',
    stderr: ''
  })
  const refused = await read()
  t.equal(refused.status, 401)
  t.match(await refused.json(), { code: 'user_inactive' })
  t.equal((await signIn()).status, 400)

  t.match(await command(t, folder, ['activate', 'ada']), {
    code: 0,
    stdout: 'Activated user 1 (ada).\n',
    stderr: ''
  })
  t.equal((await read()).status, 401, 'the old token stays dead')
  t.equal((await signIn()).status, 200)
})

t.test('what is so already is done too', async (t) => {
  const folder = t.testdir({})
  await makeUser(t, folder, 'ada', '--no-password')
  for (const [name, is_active] of [
    ['activate', 1],
    ['deactivate', 0],
    ['deactivate', 0]
  ] as const) {
    t.match(await command(t, folder, [name, '1']), { code: 0 })
    t.match(userRows(folder), [{ is_active }])
  }
})
