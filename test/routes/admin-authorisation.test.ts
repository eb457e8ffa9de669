import type { HTTPMethods, LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { accessClaims, buildTestApp, DJANGO_HASH, mint, SECRET, type TestApp } from '../helper.ts'
import { addUser } from './admin/visitors.ts'

/** Upon whom. */
const TARGETS = ['ordinary', 'staff', 'superuser', 'self', 'absent', 'malformed'] as const
type Target = (typeof TARGETS)[number]
type Answers = Readonly<Record<Target, number>>

const NOBODY = { absent: 404, malformed: 404 }
const EVERYBODY: Answers = { ordinary: 200, staff: 200, superuser: 200, self: 200, ...NOBODY }
/** What staff may do: nothing to administrators, themselves included. */
const ORDINARY: Answers = { ordinary: 200, staff: 403, superuser: 403, self: 403, ...NOBODY }
/** What superusers don't do to themselves. */
const OTHERS: Answers = { ...EVERYBODY, self: 400 }
const NO_SUPERUSER: Answers = { ...ORDINARY, ordinary: 403 }
const gone = (answers: Answers): Answers => ({
  ...answers,
  ordinary: answers.ordinary === 200 ? 204 : answers.ordinary,
  staff: answers.staff === 200 ? 204 : answers.staff,
  superuser: answers.superuser === 200 ? 204 : answers.superuser
})

interface Route {
  staff: Answers
  superuser: Answers
  json?: object
  /** What the user's row has before, */
  before?: Record<string, unknown>
  /** and what of it is another thing afterwards. */
  becomes?: Record<string, unknown>
  /** As the audit log has it; none for what only looks. */
  action?: string
  changes?: Record<string, unknown> | null
}

const AVATAR = '3f9c0a5be17d4c02b1f0c7d95a6e8d21.jpg'

/** Every route of administrators that is one user's. */
const ROUTES: Record<string, Route> = {
  'GET :id/': { staff: EVERYBODY, superuser: EVERYBODY },
  'GET :id/sessions/': { staff: EVERYBODY, superuser: EVERYBODY },
  'PATCH :id/': {
    staff: ORDINARY,
    superuser: EVERYBODY,
    // What nobody may set is ignored.
    json: {
      first_name: 'Changed',
      id: 999_999,
      password: 'battery staple 43',
      is_staff: true,
      is_superuser: true,
      is_active: false,
      avatar: null,
      date_joined: '1999-01-01T00:00:00Z',
      token_epoch: 1,
      extra: '{"x":1}'
    },
    becomes: { first_name: 'Changed' },
    action: 'update',
    changes: { first_name: ['', 'Changed'] }
  },
  'POST :id/activate/': {
    staff: ORDINARY,
    superuser: EVERYBODY,
    before: { is_active: 0 },
    becomes: { is_active: 1, token_epoch: 'later' },
    action: 'activate',
    changes: { is_active: [false, true] }
  },
  'POST :id/deactivate/': {
    staff: ORDINARY,
    superuser: OTHERS,
    becomes: { is_active: 0, token_epoch: 'later' },
    action: 'deactivate',
    changes: { is_active: [true, false] }
  },
  'POST :id/sign-out/': {
    staff: ORDINARY,
    superuser: EVERYBODY,
    becomes: { token_epoch: 'later' },
    action: 'end_sessions',
    changes: null
  },
  'POST :id/grant-staff/': {
    staff: NO_SUPERUSER,
    superuser: EVERYBODY,
    before: { is_staff: 0 },
    becomes: { is_staff: 1 },
    action: 'grant_staff',
    changes: { is_staff: [false, true] }
  },
  'POST :id/revoke-staff/': {
    staff: NO_SUPERUSER,
    superuser: OTHERS,
    before: { is_staff: 1 },
    becomes: { is_staff: 0 },
    action: 'revoke_staff',
    changes: { is_staff: [true, false] }
  },
  'DELETE :id/avatar/': {
    staff: ORDINARY,
    superuser: EVERYBODY,
    before: { avatar: AVATAR },
    becomes: { avatar: null },
    action: 'remove_avatar',
    changes: { avatar: [`/media/avatars/${AVATAR}`, null] }
  },
  'DELETE :id/': { staff: gone(ORDINARY), superuser: gone(OTHERS), action: 'delete', changes: null }
}

/** Those that are nobody's in particular. */
const OVERVIEW = ['GET users/', 'GET audit/', 'GET imports/', 'GET status/']

const FLAGS = { ordinary: {}, staff: { is_staff: true }, superuser: { is_superuser: true } } as const

/** Who comes, whatever they want: the token of a user with these flags, and the answer where that is no matter of the target. */
const VISITORS: Record<string, { status?: number; flags?: Record<string, boolean>; claims?: object }> = {
  'no token': { status: 401 },
  garbage: { status: 401 },
  'a superuser’s refresh token': {
    status: 401,
    flags: { is_superuser: true },
    claims: { token_type: 'refresh' }
  },
  'a superuser’s expired token': { status: 401, flags: { is_superuser: true }, claims: { exp: 1 } },
  'an inactive superuser': { status: 401, flags: { is_superuser: true, is_active: false } },
  'a deleted superuser': { status: 401, flags: { is_superuser: true } },
  'a user': { status: 403, flags: {} },
  staff: { flags: { is_staff: true } },
  'a superuser': { flags: { is_superuser: true } },
  'staff that is a superuser too': { flags: { is_staff: true, is_superuser: true } }
}

const TABLES = ['users', 'sessions', 'refresh_tokens', 'user_identities', 'audit_log', 'imports']
const everything = (service: TestApp) =>
  Object.fromEntries(TABLES.map((table) => [table, service.rows(table)]))

/** Who comes, with a token of theirs. */
async function come(service: TestApp, name: string): Promise<{ id: number; token: string | undefined }> {
  const { flags, claims } = VISITORS[name] ?? {}
  if (!flags) return { id: 0, token: name === 'garbage' ? 'garbage' : undefined }
  const id = await addUser(service, { flags })
  if (name === 'a deleted superuser') service.sql('delete from users where id = ?', id)
  return { id, token: mint(accessClaims(id, claims)) }
}

/** In no answer is a secret, or what a secret is made of. */
const SECRETS = [
  DJANGO_HASH,
  'pbkdf2',
  'argon2',
  'password',
  'token_epoch',
  'tokenEpoch',
  SECRET,
  'eyJ',
  'jti'
]
function leaked({ body, headers }: LightMyRequestResponse): string[] {
  const shown = body + JSON.stringify(headers)
  return SECRETS.filter((secret) => shown.includes(secret))
}

t.test('what administrators look at: by everybody', async (t) => {
  const service = await buildTestApp(t)
  for (const route of OVERVIEW) {
    const [method, path] = route.split(' ') as [HTTPMethods, string]
    for (const [name, { status = 200 }] of Object.entries(VISITORS)) {
      const { token } = await come(service, name)
      const before = everything(service)
      const answer = await service.call(method, `/api/admin/${path}`, { ...(token && { token }) })
      t.equal(answer.statusCode, status, `${route} by ${name}: ${answer.body}`)
      if (status === 401) t.equal(answer.headers['www-authenticate'], 'Bearer realm="api"')
      if (status === 403) t.strictSame(answer.json(), { error: 'Not authorized' })
      t.strictSame(leaked(answer), [], `${route} by ${name}`)
      t.strictSame(everything(service), before, `${route} by ${name} changes nothing`)
    }
  }
})

for (const [route, access] of Object.entries(ROUTES))
  t.test(`who may do what to whom: ${route}`, async (t) => {
    const service = await buildTestApp(t)
    const [method, path] = route.split(' ') as [HTTPMethods, string]
    for (const [name, visitor] of Object.entries(VISITORS))
      for (const target of TARGETS) {
        const cell = `${name} upon ${target}`
        const { id: actor, token } = await come(service, name)
        const kind = target in FLAGS ? FLAGS[target as keyof typeof FLAGS] : undefined
        const ofOther = kind && (await addUser(service, { flags: kind }))
        const id = { self: actor, absent: 999_999, malformed: 0 }[target as string] ?? ofOther ?? 0
        if (target in FLAGS || (target === 'self' && !visitor.status)) {
          // Nobody who is not let in could act.
          const { is_active: _, ...usable } = access.before ?? {}
          for (const [column, value] of Object.entries((target === 'self' ? usable : access.before) ?? {}))
            if (!(column === 'is_staff' && visitor.flags?.is_staff && target === 'self'))
              service.sql(`update users set ${column} = ? where id = ?`, value, id)
        }
        const url = `/api/admin/users/${path.replace(':id', target === 'malformed' ? 'x' : String(id))}`
        const before = everything(service)
        const answer = await service.call(method, url, {
          ...(token !== undefined && { token }),
          ...(access.json && { json: access.json })
        })
        const answers = visitor.flags?.is_superuser ? access.superuser : access.staff
        const status = visitor.status ?? answers[target]
        t.equal(answer.statusCode, status, `${cell}: ${answer.body}`)
        t.strictSame(leaked(answer), [], cell)
        const after = everything(service)
        if (status >= 400 || !access.action) {
          t.strictSame(after, before, `${cell} changes nothing`)
          continue
        }
        const old = before.users?.find((row) => row.id === id) ?? {}
        const isDeleted = status === 204
        const isNew = ([column, value]: [string, unknown]) => value !== 'later' && old[column] !== value
        const isChanged =
          isDeleted || Object.entries(access.becomes ?? {}).some(isNew) || access.changes === null
        const others = (rows: Record<string, unknown>[] = []) => rows.filter((row) => row.id !== id)
        t.strictSame(others(after.users), others(before.users), `${cell} leaves others as they are`)
        const row = service.row(id)
        if (isDeleted) t.equal(row, undefined, cell)
        else {
          const expected = Object.fromEntries(
            Object.entries(access.becomes ?? {}).map(([column, value]) => [
              column,
              value === 'later' ? (isChanged ? row : old)?.[column] : value
            ])
          )
          t.strictSame(row, { ...old, ...expected }, cell)
          if (isChanged && access.becomes?.token_epoch === 'later')
            t.ok(Number(row?.token_epoch) > Number(old.token_epoch), cell)
        }
        const acts = after.audit_log?.slice(before.audit_log?.length) ?? []
        t.equal(acts.length, isChanged ? 1 : 0, `${cell}: acts`)
        if (!isChanged) continue
        const actorRow = before.users?.find((one) => one.id === actor)
        const [{ changes, ...act } = {}] = acts
        t.match(act, {
          actor_id: actor,
          actor_username: actorRow?.username,
          target_id: id,
          target_username: old.username,
          action: access.action,
          address: '127.0.0.1',
          outcome: 'done'
        })
        t.strictSame(changes === null ? null : JSON.parse(String(changes)), access.changes, cell)
      }
  })
