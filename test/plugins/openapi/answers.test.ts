import t from 'tap'
import { errors } from '../../../src/errors.ts'
import { buildTestApp, encodeForm, PASSWORD, unique } from '../../helper.ts'
import { jpeg } from '../../pictures.ts'
import { addAdministrator, addUser } from '../../routes/admin/visitors.ts'
import { committed, contradictions, operationsOf } from './document.ts'

t.test('real answers of every operation are what the document says', async (t) => {
  const document = committed()
  const service = await buildTestApp(t)
  const { call, update } = service
  const seen = new Map<string, Set<number>>()
  const check = async (operationId: string, status: number, sent: ReturnType<typeof call>) => {
    const response = await sent
    t.equal(response.statusCode, status, `${operationId}: ${response.body}`)
    t.strictSame(contradictions(document, operationId, response), [], `${operationId} ${status}`)
    seen.set(operationId, (seen.get(operationId) ?? new Set()).add(status))
    return response
  }
  const post = (path: string, json: object, token?: string) => call('POST', `/api/${path}/`, { json, token })
  const name = unique('user')
  const account = { username: name, email: `${name}@example.com`, password: PASSWORD }

  const { user, access, refresh } = (await check('signUp', 201, post('sign-up', account))).json()
  const ada = { id: user.id, username: name, email: account.email, access, refresh }
  const other = await service.signUp()
  await check('signUp', 400, post('sign-up', { ...account, password: '123' }))
  await check('signIn', 200, post('sign-in', { email: account.email, password: PASSWORD }))
  await check('signIn', 400, post('sign-in', { email: account.email, password: 'wrong' }))
  await check('obtainToken', 200, post('token', { username: name, password: PASSWORD }))
  await check('obtainToken', 401, post('token', { username: name, password: 'wrong' }))
  const refreshed = (await check('refreshToken', 200, post('token/refresh', { refresh }))).json()
  await check('refreshToken', 401, post('token/refresh', { refresh: access }))
  await check('refreshToken', 400, post('token/refresh', {}))
  await check('verifyToken', 200, post('token/verify', { token: access }))
  await check('verifyToken', 401, post('token/verify', { token: 'x.y.z' }))
  await check('blacklistToken', 200, post('token/blacklist', { refresh: refreshed.refresh }))
  await check('blacklistToken', 401, post('token/blacklist', { refresh: refreshed.refresh }))
  await check('verifyToken', 400, post('token/verify', { token: refreshed.refresh }))

  const session = (method: 'PUT' | 'POST' | 'DELETE', refresh: string, cookie = '') =>
    call(method, '/api/session/', {
      headers: { 'x-same-origin': '1', cookie: `user-profile-session=${cookie}` },
      ...(method === 'PUT' && { json: { refresh } })
    })
  const { refresh: first } = (await post('token', { username: name, password: PASSWORD })).json()
  await check('keepSession', 200, session('PUT', first))
  await check('keepSession', 400, session('PUT', ''))
  await check('keepSession', 401, session('PUT', access))
  await check('keepSession', 403, call('PUT', '/api/session/', { json: { refresh } }))
  const { refresh: second } = (await post('token', { username: name, password: PASSWORD })).json()
  await check('resumeSession', 200, session('POST', '', second))
  await check('resumeSession', 401, session('POST', '', 'x'))
  await check('resumeSession', 403, call('POST', '/api/session/'))
  await check('endSession', 204, session('DELETE', '', second))
  await check('endSession', 403, call('DELETE', '/api/session/'))

  await check('getProfile', 200, call('GET', '/api/profile/', { token: access }))
  await check('getProfile', 401, call('GET', '/api/profile/'))
  await check('postProfile', 200, call('POST', '/api/profile/', { token: access }))
  await check('getProfileById', 200, call('GET', `/api/profile/${ada.id}/`, { token: access }))
  await check('getProfileById', 403, call('GET', `/api/profile/${other.id}/`, { token: access }))
  await check('getProfileById', 404, call('GET', '/api/profile/999/', { token: access }))

  const url = `/api/profile/${ada.id}/update/`
  await check('updateProfile', 200, update(ada, { json: { first_name: 'Ada', number_phone: null } }))
  const bytes = await jpeg()
  const pictured = await check('updateProfile', 200, update(ada, { form: [['avatar', { bytes }]] }))
  await check('patchProfile', 200, call('PATCH', url, { token: access, urlencoded: 'last_name=King' }))
  await check('updateProfile', 400, update(ada, { json: { email: 'nobody', username: '' } }))
  await check(
    'updateProfile',
    400,
    update(ada, { body: '{', headers: { 'content-type': 'application/json' } })
  )
  await check('updateProfile', 400, update(ada, { json: [] }))
  await check('updateProfile', 401, call('PUT', url, { token: 'x.y.z', json: {} }))
  await check('updateProfile', 403, call('PUT', url, { token: other.access, json: {} }))
  await check('updateProfile', 404, call('PUT', '/api/profile/x/update/', { token: access, json: {} }))
  const profileTag = String((await call('GET', '/api/profile/', { token: access })).headers.etag)
  const known = { token: access, headers: { 'if-none-match': profileTag } }
  await check('getProfile', 304, call('GET', '/api/profile/', known))
  await check('getProfileById', 304, call('GET', `/api/profile/${ada.id}/`, known))
  const ifMatch = (tag: string) => ({ json: { first_name: 'Ada' }, headers: { 'if-match': tag } })
  await check('updateProfile', 200, update(ada, ifMatch(profileTag)))
  await check('updateProfile', 412, update(ada, ifMatch('"x"')))
  await check('getProfile', 412, call('GET', '/api/profile/', { token: access, ...ifMatch('"x"') }))
  const large = await encodeForm([['avatar', { bytes: Buffer.alloc(10_485_761) }]])
  const tooLarge = { body: large.body, headers: { 'content-type': large.type } }
  await check('updateProfile', 413, update(ada, tooLarge))
  await check('updateProfile', 415, update(ada, { body: 'x', headers: { 'content-type': 'text/plain' } }))
  for (const [status, error] of [
    [503, errors.unavailable()],
    [507, errors.storageFull()],
    [500, new Error('a fault')]
  ] as const) {
    const restore = t.capture(service.app.stores.users, 'update', () => Promise.reject(error))
    await check('updateProfile', status, update(ada, { json: { first_name: 'x' } }))
    restore.restore()
  }

  const { avatar } = pictured.json()
  await check('getPicture', 200, call('GET', avatar))
  await check('getPicture', 200, call('GET', avatar.replace('.jpg', '@64.webp')))
  await check('getPicture', 404, call('GET', '/media/avatars/none.jpg'))
  await check('getPicture', 206, call('GET', avatar, { headers: { range: 'bytes=0-9' } }))
  await check('getPicture', 416, call('GET', avatar, { headers: { range: 'bytes=9999999-' } }))
  const { etag } = (await call('GET', avatar)).headers
  await check('getPicture', 304, call('GET', avatar, { headers: { 'if-none-match': String(etag) } }))
  await check('getAvatarById', 302, call('GET', `/api/avatars/${ada.id}/?size=64`))
  const drawn = await check('getAvatarById', 302, call('GET', `/api/avatars/${other.id}/`))
  await check('getAvatarById', 400, call('GET', `/api/avatars/${ada.id}/?size=x`))
  await check('getAvatarById', 404, call('GET', '/api/avatars/999/'))
  await check('getPlaceholder', 200, call('GET', String(drawn.headers.location)))
  await check('getPlaceholder', 404, call('GET', '/media/placeholders/AB-99.svg'))

  const admin = await addAdministrator(service, 'superuser')
  const target = await addUser(service)
  const by = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, json?: object) =>
    call(method, `/api/admin/${path}`, { token: admin.token, ...(json && { json }) })
  const theirs = `users/${target}/`
  await check('listUsers', 200, by('GET', 'users/?limit=1'))
  await check('listUsers', 400, by('GET', 'users/?cursor=x'))
  await check('listUsers', 403, call('GET', '/api/admin/users/', { token: access }))
  await check('listUsers', 401, call('GET', '/api/admin/users/'))
  await check('getUser', 200, by('GET', theirs))
  await check('getUser', 404, by('GET', 'users/999/'))
  await check('updateUser', 200, by('PATCH', theirs, { first_name: 'Grace' }))
  await check('updateUser', 400, by('PATCH', theirs, { username: name }))
  await check('updateUser', 403, call('PATCH', `/api/admin/${theirs}`, { token: access, json: {} }))
  const stale = { token: admin.token, json: {}, headers: { 'if-match': '"x"' } }
  await check('updateUser', 412, call('PATCH', `/api/admin/${theirs}`, stale))
  await check('listSessions', 200, by('GET', `users/${ada.id}/sessions/`))
  await check('deactivateUser', 200, by('POST', `${theirs}deactivate/`))
  await check('deactivateUser', 400, by('POST', `users/${admin.id}/deactivate/`))
  await check('activateUser', 200, by('POST', `${theirs}activate/`))
  await check('signOutUser', 200, by('POST', `${theirs}sign-out/`))
  await check('grantStaff', 200, by('POST', `${theirs}grant-staff/`))
  await check('revokeStaff', 200, by('POST', `${theirs}revoke-staff/`))
  await check('revokeStaff', 400, by('POST', `users/${admin.id}/revoke-staff/`))
  await check('removeUserAvatar', 200, by('DELETE', `${theirs}avatar/`))
  await check('deleteUser', 400, by('DELETE', `users/${admin.id}/`))
  await check('deleteUser', 204, by('DELETE', theirs))
  await check('deleteUser', 404, by('DELETE', theirs))
  await check('listActs', 200, by('GET', 'audit/'))
  await check('listActs', 200, by('GET', 'audit/?limit=1'))
  await check('listActs', 400, by('GET', 'audit/?user=x'))
  await check('listImports', 200, by('GET', 'imports/'))
  await check('getStatus', 200, by('GET', 'status/'))

  const passwords = { current_password: PASSWORD, new_password: 'battery staple 43' }
  const path = `profile/${ada.id}/password`
  await check('changePassword', 400, post(path, { ...passwords, current_password: 'wrong' }, access))
  const changed = (await check('changePassword', 200, post(path, passwords, access))).json()
  await check('changePassword', 401, post(path, passwords, access))
  await check('signOutEverywhere', 200, post('sign-out-everywhere', {}, changed.access))
  await check('signOutEverywhere', 401, post('sign-out-everywhere', {}, changed.access))
  await check(
    'deleteAccount',
    204,
    call('DELETE', `/api/profile/${other.id}/delete/`, { token: other.access })
  )
  await check(
    'deleteAccount',
    401,
    call('DELETE', `/api/profile/${other.id}/delete/`, { token: other.access })
  )
  t.strictSame(
    operationsOf(document)
      .map(({ operation }) => operation.operationId)
      .filter((operationId) => !seen.has(operationId)),
    [],
    'none was left out'
  )
})

t.test('refusals by limits are what the document says', async (t) => {
  const document = committed()
  const { call } = await buildTestApp(t, { env: { RATE_LIMIT: 'on', SIGN_UP: 'closed' } })
  const closed = await call('POST', '/api/sign-up/', { json: {} })
  t.equal(closed.statusCode, 403)
  t.strictSame(contradictions(document, 'signUp', closed), [])
  let last = closed
  for (let sent = 0; sent < 21; sent++) last = await call('POST', '/api/sign-up/', { json: {} })
  t.equal(last.statusCode, 429)
  t.strictSame(contradictions(document, 'signUp', last), [])
  t.ok(last.headers['retry-after'])
})
