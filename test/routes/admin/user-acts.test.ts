import t, { type Test } from 'tap'
import { errors } from '../../../src/errors.ts'
import { type Account, buildTestApp, FIELDS, PASSWORD } from '../../helper.ts'
import { jpeg } from '../../pictures.ts'
import { addAdministrator, addUser } from './visitors.ts'

async function build(t: Test) {
  const service = await buildTestApp(t)
  const admin = await addAdministrator(service, 'superuser')
  const account = await service.signUp()
  const act = (method: 'POST' | 'DELETE' | 'GET', path: string, id = account.id) =>
    service.call(method, `/api/admin/users/${id}/${path}`, { token: admin.token })
  const acts = () =>
    service
      .rows('audit_log')
      .map(({ action, outcome, changes }) => [action, outcome, changes && JSON.parse(String(changes))])
  /** What a user's tokens are good for. */
  const uses = async ({ access, refresh }: Pick<Account, 'access' | 'refresh'>) => [
    (await service.call('GET', '/api/profile/', { token: access })).statusCode,
    (await service.call('POST', '/api/token/refresh/', { json: { refresh } })).statusCode
  ]
  const signIn = () =>
    service.call('POST', '/api/sign-in/', { json: { email: account.email, password: PASSWORD } })
  return { service, admin, account, act, acts, uses, signIn }
}

t.test('who is deactivated is out at once, and comes in again only after activation', async (t) => {
  const { account, act, acts, uses, signIn } = await build(t)
  const answer = await act('POST', 'deactivate/')
  t.strictSame(Object.keys(answer.json()), FIELDS)
  t.match(answer.json(), { id: account.id, is_active: false })
  t.strictSame(await uses(account), [401, 401])
  t.equal((await signIn()).statusCode, 400)
  t.equal((await act('POST', 'deactivate/')).json().is_active, false, 'again is no act')
  t.equal((await act('POST', 'activate/')).json().is_active, true)
  t.strictSame(await uses(account), [401, 401], 'tokens of before stay dead')
  t.equal((await signIn()).statusCode, 200)
  t.strictSame(acts(), [
    ['deactivate', 'done', { is_active: [true, false] }],
    ['activate', 'done', { is_active: [false, true] }]
  ])
})

t.test('who is signed out has no session left, and may sign in again', async (t) => {
  const { service, account, act, acts, uses, signIn } = await build(t)
  const going = (await act('GET', 'sessions/')).json().results
  t.equal(going.length, 1)
  t.match(going[0], { started_at: /Z$/, last_used_at: null, expires_at: /Z$/, ended_at: null })
  t.equal((await act('POST', 'sign-out/')).statusCode, 200)
  t.strictSame(await uses(account), [401, 401])
  const [ended] = (await act('GET', 'sessions/')).json().results
  t.match(ended, { id: going[0].id, ended_at: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ })
  const { access, refresh } = (await signIn()).json()
  t.strictSame(await uses({ access, refresh }), [200, 200])
  const sessions = (await act('GET', 'sessions/')).json().results
  t.strictSame(
    sessions.map((one: { ended_at: string | null }) => one.ended_at === null),
    [true, false],
    'those that go on come first'
  )
  t.match(sessions[0].last_used_at, /Z$/)
  for (const { jti } of service.rows('refresh_tokens'))
    t.notMatch(JSON.stringify(sessions), String(jti), 'no token’s id is told')
  t.strictSame(acts(), [['end_sessions', 'done', null]])
})

t.test(
  'whoever is made staff is so at once, with the tokens of before, and no longer afterwards',
  async (t) => {
    const { service, account, act } = await build(t)
    const list = async () =>
      (await service.call('GET', '/api/admin/users/', { token: account.access })).statusCode
    t.equal(await list(), 403)
    t.equal((await act('POST', 'grant-staff/')).json().is_staff, true)
    t.equal(await list(), 200)
    t.equal((await act('POST', 'revoke-staff/')).json().is_staff, false)
    t.equal(await list(), 403)
  }
)

t.test('a picture is taken away with its file and its squares', async (t) => {
  const { service, account, act, acts } = await build(t)
  const { avatar } = (await service.update(account, { form: [['avatar', { bytes: await jpeg() }]] })).json()
  await service.call('GET', avatar.replace('.jpg', '@64.webp'))
  t.equal(service.pictures().length, 2)
  t.equal((await act('DELETE', 'avatar/')).json().avatar, null)
  t.strictSame(service.pictures(), [])
  t.equal((await act('DELETE', 'avatar/')).statusCode, 200, 'again is no act')
  t.strictSame(acts(), [['remove_avatar', 'done', { avatar: [avatar, null] }]])
})

t.test('of who is deleted nothing stays but that it happened', async (t) => {
  const { service, admin, account, act, acts, uses, signIn } = await build(t)
  await service.update(account, { form: [['avatar', { bytes: await jpeg() }]] })
  await act('DELETE', 'avatar/')
  await service.call('PATCH', `/api/admin/users/${account.id}/`, {
    token: admin.token,
    json: { first_name: 'Private' }
  })
  await service.update(account, { form: [['avatar', { bytes: await jpeg() }]] })
  const answer = await act('DELETE', '')
  t.equal(answer.statusCode, 204)
  t.equal(answer.body, '')
  t.equal(service.row(account.id), undefined)
  t.strictSame(service.rows('sessions'), [])
  t.strictSame(service.rows('refresh_tokens'), [])
  t.strictSame(service.pictures(), [])
  t.strictSame(await uses(account), [401, 401])
  t.equal((await signIn()).statusCode, 400)
  t.strictSame(acts(), [
    ['remove_avatar', 'done', null],
    ['update', 'done', null],
    ['delete', 'done', null]
  ])
  const [deletion] = (await service.call('GET', '/api/admin/audit/', { token: admin.token })).json().results
  t.match(deletion, {
    actor: { id: admin.id },
    target: { id: account.id, username: account.username },
    action: 'delete'
  })
  t.equal((await act('DELETE', '')).statusCode, 404)
  t.equal((await act('GET', '')).statusCode, 404)
  t.equal(acts().length, 3)
})

t.test('who deletes their own account is forgotten likewise, also where nobody administers', async (t) => {
  const { service, admin, account, acts } = await build(t)
  await service.call('PATCH', `/api/admin/users/${account.id}/`, {
    token: admin.token,
    json: { first_name: 'Private' }
  })
  const deletes = ({ id, access }: Account, by = service) =>
    by.call('DELETE', `/api/profile/${id}/delete/`, { token: access })
  t.equal((await deletes(account)).statusCode, 204)
  t.strictSame(acts(), [['update', 'done', null]])

  const { folder } = service
  const second = await service.signUp()
  await service.call('PATCH', `/api/admin/users/${second.id}/`, {
    token: admin.token,
    json: { first_name: 'Private' }
  })
  await service.app.close()
  const without = await buildTestApp(t, { folder, env: { ADMIN_API: 'off' } })
  t.equal((await deletes(second, without)).statusCode, 204)
  t.strictSame(acts(), [
    ['update', 'done', null],
    ['update', 'done', null]
  ])
})

t.test('a deletion is one, whatever becomes of the audit log’s own forgetting', async (t) => {
  const { service, account, act, acts } = await build(t)
  const gone = t.capture(service.app.stores.audit, 'forgetChanges', () =>
    Promise.reject(errors.unavailable())
  )
  t.equal((await act('DELETE', '')).statusCode, 204)
  gone.restore()
  t.equal(service.row(account.id), undefined)
  t.strictSame(acts(), [['delete', 'done', null]])
})

t.test('who is gone by the time is not found, and the act was refused', async (t) => {
  const { service, account, act, acts } = await build(t)
  const gone = t.capture(service.app.stores.users, 'revokeTokens', async () => undefined)
  t.equal((await act('POST', 'sign-out/')).statusCode, 404)
  gone.restore()
  t.strictSame(acts(), [['end_sessions', 'refused', null]])
  t.ok(service.row(account.id))
})

t.test(
  'a store that goes away within an act leaves it begun, and the client is told to come again',
  async (t) => {
    const { service, act, acts } = await build(t)
    for (const [name, method, path] of [
      ['setActive', 'POST', 'deactivate/'],
      ['setStaff', 'POST', 'grant-staff/'],
      ['revokeTokens', 'POST', 'sign-out/'],
      ['delete', 'DELETE', '']
    ] as const) {
      const gone = t.capture(service.app.stores.users, name, () => Promise.reject(errors.unavailable()))
      const answer = await act(method, path)
      gone.restore()
      t.equal(answer.statusCode, 503, path)
      t.ok(answer.headers['retry-after'])
    }
    t.strictSame(
      acts().map(([action, outcome]) => [action, outcome]),
      ['deactivate', 'grant_staff', 'end_sessions', 'delete'].map((action) => [action, 'begun'])
    )
  }
)

t.test('superusers act upon themselves where that leaves them what they are', async (t) => {
  const { service, admin, act, acts } = await build(t)
  for (const [method, path, sentence] of [
    ['POST', 'deactivate/', 'Administrators can’t deactivate themselves.'],
    ['POST', 'revoke-staff/', 'Administrators can’t take their own rights.'],
    ['DELETE', '', 'Administrators can’t delete themselves here.']
  ] as const) {
    const answer = await act(method, path, admin.id)
    t.equal(answer.statusCode, 400)
    t.strictSame(answer.json(), { error: sentence })
  }
  t.strictSame(acts(), [])
  t.equal((await act('POST', 'sign-out/', admin.id)).statusCode, 200)
  const after = await service.call('GET', '/api/admin/users/', { token: admin.token })
  t.equal(after.statusCode, 401, 'their own tokens end too')
})

t.test('an id is a number that somebody has; bodies are not read', async (t) => {
  const { service, admin } = await build(t)
  const target = await addUser(service)
  for (const id of ['0', '-1', 'x', '1.5', '9007199254740993', '%00', '..', '9'.repeat(150)])
    for (const [method, path] of [
      ['GET', ''],
      ['GET', 'sessions/'],
      ['POST', 'sign-out/'],
      ['PATCH', ''],
      ['DELETE', '']
    ] as const) {
      const answer = await service.call(method, `/api/admin/users/${id}/${path}`, { token: admin.token })
      t.equal(answer.statusCode, 404, `${method} ${id}/${path}`)
    }
  const answer = await service.call('POST', `/api/admin/users/${target}/sign-out/`, {
    token: admin.token,
    body: '{',
    headers: { 'content-type': 'application/json' }
  })
  t.equal(answer.statusCode, 200)
})
