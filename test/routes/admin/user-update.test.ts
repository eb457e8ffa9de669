import { Type } from '@sinclair/typebox'
import t, { type Test } from 'tap'
import { defineOptions } from '../../../plugins/user-profile/options.ts'
import userProfile from '../../../plugins/user-profile.ts'
import { errors } from '../../../src/errors.ts'
import { accessClaims, buildTestApp, mint, withDatabase } from '../../helper.ts'
import { clientOf, hostApp, ownFolder } from '../../plugins/host/host-app.ts'
import { addAdministrator, addUser } from './visitors.ts'

async function build(t: Test) {
  const service = await buildTestApp(t)
  const admin = await addAdministrator(service, 'staff')
  const id = await addUser(service, { username: 'target', firstName: 'Old' })
  const url = `/api/admin/users/${id}/`
  const patch = (json: unknown, headers: Record<string, string> = {}) =>
    service.call('PATCH', url, { token: admin.token, json, headers })
  const read = () => service.call('GET', url, { token: admin.token })
  const acts = () =>
    service
      .rows('audit_log')
      .map(({ action, outcome, changes }) => [action, outcome, changes && JSON.parse(String(changes))])
  return { service, admin, id, url, patch, read, acts }
}

t.test('texts are judged as the owner’s are, and all that is wrong is told at once', async (t) => {
  const { service, id, patch, acts } = await build(t)
  await addUser(service, { username: 'taken', email: 'taken@example.com' })
  const before = service.row(id)
  const wrong: [unknown, object][] = [
    [{ email: 'nobody' }, { email: ['This field must be a valid email address.'] }],
    [
      { username: 'TAKEN', email: 'Taken@example.com', number_phone: '12345678901' },
      {
        number_phone: ['Ensure this field has no more than 10 characters.'],
        username: ['A user with that username already exists.'],
        email: ['A user with that email already exists.']
      }
    ],
    [{ username: null }, { username: ['This field may not be null.'] }],
    [[], { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] }]
  ]
  for (const [json, refusal] of wrong) {
    const answer = await patch(json)
    t.equal(answer.statusCode, 400)
    t.strictSame(answer.json(), refusal)
  }
  t.strictSame(service.row(id), before)
  t.strictSame(acts(), [], 'what can’t be is no act')
})

t.test('a name that is taken is an act that was refused', async (t) => {
  const { service, id, patch, acts } = await build(t)
  await addUser(service, { username: 'taken' })
  const before = service.row(id)
  const answer = await patch({ username: 'Taken', last_name: 'New' })
  t.equal(answer.statusCode, 400)
  t.strictSame(answer.json(), { username: ['A user with that username already exists.'] })
  t.strictSame(service.row(id), before)
  t.strictSame(acts(), [['update', 'refused', { username: ['target', 'Taken'], last_name: ['', 'New'] }]])
})

t.test('old and new values of what changed are written down, and nothing where nothing did', async (t) => {
  const { service, id, patch, acts } = await build(t)
  const answer = await patch({ first_name: ' New ', last_name: '', number_phone: null, username: 'target' })
  t.equal(answer.statusCode, 200)
  t.match(answer.json(), { id, first_name: 'New', username: 'target' })
  t.strictSame(acts(), [['update', 'done', { first_name: ['Old', 'New'] }]])
  const row = service.row(id)
  for (const json of [{ first_name: 'New' }, {}, { is_staff: true, password: 'battery staple 43' }]) {
    const same = await patch(json)
    t.equal(same.statusCode, 200)
    t.strictSame(same.json(), answer.json())
    t.equal(same.headers.etag, answer.headers.etag)
  }
  t.strictSame(service.row(id), row)
  t.equal(acts().length, 1)
})

t.test('forms work as JSON does, a picture is not taken, and other types are refused', async (t) => {
  const { service, admin, id, url, acts } = await build(t)
  const { token } = admin
  const form = await service.call('PATCH', url, { token, form: [['first_name', 'Form']] })
  t.equal(form.json().first_name, 'Form')
  const encoded = await service.call('PATCH', url, { token, urlencoded: 'first_name=Encoded' })
  t.equal(encoded.json().first_name, 'Encoded')
  await service.call('PATCH', url, {
    token,
    form: [['avatar', { bytes: Buffer.from('no picture') }]]
  })
  t.equal(service.row(id)?.avatar, null)
  t.strictSame(service.uploads(), [])
  t.equal(acts().length, 2)
  const headers = { 'content-type': 'text/plain' }
  t.equal((await service.call('PATCH', url, { token, body: 'x', headers })).statusCode, 415)
  const json = { 'content-type': 'application/json' }
  t.equal((await service.call('PATCH', url, { token, body: '{', headers: json })).statusCode, 400)
})

t.test('a change that is based on what is no longer so is refused, and written down as such', async (t) => {
  const { service, id, patch, read, acts } = await build(t)
  const seen = String((await read()).headers.etag)
  t.match(seen, /^"[\w-]{22}"$/)
  const first = await patch({ first_name: 'First' }, { 'if-match': seen })
  t.equal(first.statusCode, 200)
  t.equal(first.headers.etag, (await read()).headers.etag)
  const late = await patch({ first_name: 'Late' }, { 'if-match': seen })
  t.equal(late.statusCode, 412)
  t.match(late.json().detail, /changed meanwhile/)
  t.equal(service.row(id)?.first_name, 'First')
  t.strictSame(acts(), [
    ['update', 'done', { first_name: ['Old', 'First'] }],
    ['update', 'refused', { first_name: ['First', 'Late'] }]
  ])
  t.equal((await patch({ first_name: 'First' }, { 'if-match': seen })).statusCode, 412, 'also of no change')
  t.equal(acts().length, 2)
  t.equal((await patch({ first_name: 'Any' }, { 'if-match': '*' })).statusCode, 200)
})

t.test('a read of what its client has is a 304', async (t) => {
  const { service, admin, url, read } = await build(t)
  const etag = String((await read()).headers.etag)
  const again = await service.call('GET', url, { token: admin.token, headers: { 'if-none-match': etag } })
  t.equal(again.statusCode, 304)
  t.equal(again.body, '')
  t.equal(again.headers.etag, etag)
  const other = await service.call('GET', url, { token: admin.token, headers: { 'if-match': '"other"' } })
  t.equal(other.statusCode, 412)
})

t.test('of two who change the same at once both are written down with what they changed', async (t) => {
  const { patch, acts, read } = await build(t)
  const names = Array.from({ length: 8 }, (_, index) => `Name ${index}`)
  await Promise.all(names.map((first_name) => patch({ first_name })))
  const done = acts().map(([, , changes]) => changes.first_name)
  t.equal(done.length, names.length)
  t.strictSame(done.map(([, after]) => after).sort(), names)
  // Each found what another had left: together they are one chain.
  const befores = done.map(([before]) => before).sort()
  const last = (await read()).json().first_name
  t.strictSame(befores, ['Old', ...names.filter((name) => name !== last)].sort())
})

t.test('what was begun when a store went away stays so', async (t) => {
  const { service, id, patch, acts } = await build(t)
  const before = service.row(id)
  const gone = t.capture(service.app.stores.users, 'update', () => Promise.reject(errors.unavailable()))
  const answer = await patch({ first_name: 'New' })
  gone.restore()
  t.equal(answer.statusCode, 503)
  t.ok(answer.headers['retry-after'])
  t.strictSame(service.row(id), before)
  t.strictSame(acts(), [['update', 'begun', { first_name: ['Old', 'New'] }]])
})

t.test('nothing is done that can’t be written down', async (t) => {
  const { service, admin, id, patch, acts } = await build(t)
  const before = service.row(id)
  const gone = t.capture(service.app.stores.audit, 'begin', () => Promise.reject(errors.unavailable()))
  t.equal((await patch({ first_name: 'New' })).statusCode, 503)
  for (const [method, path] of [
    ['POST', 'deactivate/'],
    ['POST', 'sign-out/'],
    ['DELETE', '']
  ] as const) {
    const answer = await service.call(method, `/api/admin/users/${id}/${path}`, { token: admin.token })
    t.equal(answer.statusCode, 503, path)
  }
  gone.restore()
  t.strictSame(service.row(id), before)
  t.strictSame(acts(), [])
})

t.test('what is done is answered as done, though nobody could write down what came of it', async (t) => {
  const { service, patch, acts, id } = await build(t)
  const gone = t.capture(service.app.stores.audit, 'finish', () => Promise.reject(errors.unavailable()))
  const answer = await patch({ first_name: 'New' })
  gone.restore()
  t.equal(answer.statusCode, 200)
  t.equal(service.row(id)?.first_name, 'New')
  t.strictSame(acts(), [['update', 'begun', { first_name: ['Old', 'New'] }]])
})

t.test('a host’s fields are shown, changed and written down, and its hooks are called', async (t) => {
  const folder = t.testdir()
  const app = hostApp(t)
  const told: unknown[] = []
  await app.register(
    userProfile,
    defineOptions({
      ...ownFolder(folder),
      admin: true,
      profileFields: Type.Object({ bio: Type.Optional(Type.String({ maxLength: 20 })) }),
      onProfileUpdate: (before, after) =>
        told.push([before.bio, after.bio, before.is_active, after.is_active])
    })
  )
  const { signUp } = clientOf(app, '/api')
  const [admin, target] = [await signUp(), await signUp()]
  withDatabase(`${folder}/profile.db`, (file) =>
    file.prepare('update users set is_superuser = 1 where id = ?').run(admin.id)
  )
  const headers = { authorization: `Bearer ${mint(accessClaims(admin.id))}` }
  const url = `/api/admin/users/${target.id}/`
  const patched = await app.inject({ method: 'PATCH', url, headers, payload: { bio: 'Hello' } })
  t.equal(patched.json().bio, 'Hello')
  const long = await app.inject({ method: 'PATCH', url, headers, payload: { bio: 'x'.repeat(21) } })
  t.strictSame(long.json(), { bio: ['Ensure this field has no more than 20 characters.'] })
  await app.inject({ method: 'POST', url: `${url}deactivate/`, headers })
  t.strictSame(told, [
    [null, 'Hello', true, true],
    ['Hello', 'Hello', true, false]
  ])
  const list = await app.inject({ url: '/api/admin/users/', headers })
  t.equal(list.json().results[0].bio, 'Hello')
  const audit = await app.inject({ url: '/api/admin/audit/', headers })
  t.match(audit.json().results, [
    { action: 'deactivate', changes: { is_active: [true, false] } },
    { action: 'update', changes: { bio: [null, 'Hello'] } }
  ])
})
