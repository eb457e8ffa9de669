import t from 'tap'
import { loggerFor } from '../../src/app.ts'
import { accessClaims, buildTestApp, mint, PASSWORD, SECRET } from '../helper.ts'
import { jpeg } from '../pictures.ts'

t.test('no line of the log holds a token, a password, a hash or a body, however chatty it is', async (t) => {
  const lines: string[] = []
  const options = loggerFor('trace')
  const logger = {
    ...(typeof options === 'object' ? options : {}),
    stream: { write: (line: string) => void lines.push(line) }
  }
  const { app, signUp, update, call, row } = await buildTestApp(t, { logger })
  const ada = await signUp({ first_name: 'Confidential-Name' })
  const secrets = [
    SECRET,
    PASSWORD,
    'Confidential-Name',
    'wrong-password',
    ada.access,
    ada.refresh,
    ada.email
  ]
  const post = async (path: string, json: object) => {
    const response = await call('POST', `/api/${path}/`, { json })
    const { access, refresh } = response.json()
    secrets.push(...[access, refresh].filter((token) => token !== undefined))
    return response.json()
  }
  await post('sign-in', { email: ada.email, password: PASSWORD })
  await post('sign-in', { email: ada.email, password: 'wrong-password' })
  const { refresh } = await post('token', { username: ada.username, password: PASSWORD })
  await post('token/refresh', { refresh })
  await post('token/verify', { token: refresh })
  await post('token/blacklist', { refresh: ada.refresh })
  await post('token/refresh', { refresh: ada.refresh })
  await call('POST', '/api/sign-in/', {
    body: `{"password":"${PASSWORD}"`,
    headers: { 'content-type': 'application/json' }
  })
  await call('GET', `/api/profile/?token=${ada.access}`, { token: ada.access })
  await call('GET', `/api/${ada.access}/`)
  await call('GET', `/media/avatars/${ada.access}`)
  await update(ada, {
    form: [
      ['avatar', { bytes: await jpeg() }],
      ['first_name', 'Confidential-Name']
    ]
  })
  await update({ ...ada, access: mint(accessClaims(ada.id), { key: 'another' }) }, { json: {} })
  // Every route that takes or answers a secret, refused and not.
  const bea = await signUp({ password: 'mountain goat 77' })
  const changes = [
    { current_password: 'wrong-password', new_password: 'river otter 88' },
    { current_password: 'mountain goat 77', new_password: '1234' },
    { current_password: 'mountain goat 77', new_password: 'river otter 88' }
  ]
  for (const json of changes) {
    const answer = await call('POST', `/api/profile/${bea.id}/password/`, { token: bea.access, json })
    const { access, refresh } = answer.json()
    if (access) secrets.push(access, refresh)
  }
  // The cookie, by everything that may go wrong with it.
  const session = async (method: 'PUT' | 'POST' | 'DELETE', cookie: string, refresh = '', header = '1') => {
    const answer = await call(method, '/api/session/', {
      headers: { 'x-same-origin': header, cookie: `user-profile-session=${cookie}` },
      ...(method === 'PUT' && { json: { refresh } })
    })
    const next = /^[^=]+=([^;]+);/.exec(String(answer.headers['set-cookie']))?.[1]
    secrets.push(...[cookie, refresh, next, answer.body && answer.json().access].filter((secret) => secret))
    return next ?? ''
  }
  const { refresh: kept } = await post('sign-in', { email: ada.email, password: PASSWORD })
  const { refresh: other } = await post('sign-in', { email: ada.email, password: PASSWORD })
  const cookie = await session('PUT', '', kept)
  await session('PUT', cookie, `${kept}x`)
  await session('POST', cookie, '', '0')
  const { length } = secrets
  const nextCookie = await session('POST', cookie)
  t.ok(secrets.length > length + 1)
  const lastCookie = await session('PUT', nextCookie, other)
  await session('DELETE', lastCookie)
  await session('POST', lastCookie)
  secrets.push('mountain goat 77', 'river otter 88', bea.access, bea.refresh, bea.email)
  const { access: next } = await post('sign-in', { email: bea.email, password: 'river otter 88' })
  await call('POST', '/api/sign-out-everywhere/', { token: next })
  const { access: last } = await post('token', { username: bea.username, password: 'river otter 88' })
  await call('DELETE', `/api/profile/${bea.id}/delete/`, { token: last })
  await call('GET', '/api/profile/', { headers: { authorization: `Basic ${btoa(`x:${PASSWORD}`)}` } })
  secrets.push(btoa(`x:${PASSWORD}`))
  await call('POST', `/api/sign-in/?password=${PASSWORD.replaceAll(' ', '+')}`, {
    urlencoded: `password=${PASSWORD}`
  })
  secrets.push(PASSWORD.replaceAll(' ', '+'))
  const hash = String(row(ada.id)?.password)
  secrets.push(hash, hash.split('$').at(-1) ?? '')
  // Faults are logged in full: that of the database must not bring its parameters along.
  t.intercept(app.stores.users, 'findById', { value: async () => Promise.reject(new Error('a fault')) })
  await call('GET', '/api/profile/', { token: ada.access })

  const log = lines.join('')
  t.match(log, /"path":"\/api\/profile\/"/, 'requests are logged')
  t.match(log, /a fault/)
  t.ok(secrets.length > 25)
  for (const secret of secrets) {
    t.notOk(log.includes(secret), `${secret.slice(0, 12)}… is not in the log`)
    const signature = secret.split('.')[2]
    if (signature) t.notOk(log.includes(signature))
  }
})

t.test('a database error is logged without the values of its query', async (t) => {
  const lines: string[] = []
  const logger = { level: 'trace', stream: { write: (line: string) => void lines.push(line) } }
  const { signUp, update, sql } = await buildTestApp(t, { logger })
  const ada = await signUp()
  sql('alter table users rename column last_name to surname')
  const response = await update(ada, { json: { first_name: 'Confidential-Name' } })
  t.equal(response.statusCode, 500)
  t.match(lines.join(''), /no such column/)
  t.notMatch(lines.join(''), /Confidential-Name/)
})
