import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'
import { buildTestApp } from '../../helper.ts'
import { addAdministrator, addUser } from './visitors.ts'

async function build(t: Test) {
  const service = await buildTestApp(t)
  const act = (by: { token: string }, method: 'POST' | 'DELETE', id: number, path: string) =>
    service.call(method, `/api/admin/users/${id}/${path}`, { token: by.token })
  const acts = () =>
    service
      .rows('audit_log')
      .map(({ actor_id, target_id, action, outcome }) => [actor_id, action, target_id, outcome])
  return { service, act, acts }
}

t.test('of two superusers who put each other out at once, one stays', async (t) => {
  const { service, act, acts } = await build(t)
  for (const [method, path, flag, refusal] of [
    ['POST', 'deactivate/', 'is_active', 401],
    ['DELETE', '', 'id', 401]
  ] as const) {
    const one = await addAdministrator(service, 'superuser')
    const other = await addAdministrator(service, 'superuser')
    const before = acts().length
    const answers = await Promise.all([act(one, method, other.id, path), act(other, method, one.id, path)])
    t.strictSame(
      answers.map(({ statusCode }) => statusCode),
      [method === 'POST' ? 200 : 204, refusal]
    )
    t.ok(service.row(one.id)?.[flag], path)
    t.notOk(service.row(other.id)?.[flag], path)
    t.equal(acts().length, before + 1, 'what was refused was no act')
  }
})

t.test('whom a superuser makes staff is not for staff any more, who act at the same time', async (t) => {
  const { service, act, acts } = await build(t)
  const superuser = await addAdministrator(service, 'superuser')
  const staff = await addAdministrator(service, 'staff')
  const id = await addUser(service)
  const [made, deleted] = await Promise.all([
    act(superuser, 'POST', id, 'grant-staff/'),
    act(staff, 'DELETE', id, '')
  ])
  t.strictSame([made.statusCode, deleted.statusCode], [200, 403])
  t.match(service.row(id), { is_staff: 1 })
  t.strictSame(acts(), [[superuser.id, 'grant_staff', id, 'done']])
})

t.test('who is no administrator any more when the body arrives changes nobody', async (t) => {
  for (const [path, status] of [
    ['revoke-staff/', 403],
    ['deactivate/', 401],
    ['sign-out/', 401],
    ['', 401]
  ] as const) {
    const { service, act } = await build(t)
    const superuser = await addAdministrator(service, 'superuser')
    const staff = await addAdministrator(service, 'staff')
    const id = await addUser(service, { firstName: 'Before' })
    const before = service.rows('audit_log').length
    const payload = new PassThrough()
    const late = service.app.inject({
      method: 'PATCH',
      url: `/api/admin/users/${id}/`,
      headers: { authorization: `Bearer ${staff.token}`, 'content-type': 'application/json' },
      payload
    })
    payload.write('{"first_name":')
    const answer = await act(superuser, path === '' ? 'DELETE' : 'POST', staff.id, path)
    t.ok(answer.statusCode < 300, path)
    payload.end('"After"}')
    t.equal((await late).statusCode, status, path)
    t.match(service.row(id), { first_name: 'Before' })
    t.equal(service.rows('audit_log').length, before + 1, 'only what the superuser did')
  }
})
