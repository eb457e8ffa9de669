import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, HTTPMethods } from 'fastify'
import t, { type Test } from 'tap'
import {
  accessClaims,
  buildTestApp,
  DJANGO_HASH,
  mint,
  nowSeconds,
  PASSWORD,
  type TestApp,
  unique
} from '../helper.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const satisfies HTTPMethods[]

interface Access {
  /** Whoever comes; whoever brings a token; the one whose id is in the path; or administrators, as their own table has it. */
  who: 'anybody' | 'users' | 'owner' | 'administrators'
  /** The answer to who is let in. */
  status: number
  json?: object
}

const SIGN_UP = { username: 'newcomer', email: 'newcomer@example.com', password: PASSWORD }

/** Every route of the service. What is not here has to be refused. */
const ROUTES: Record<string, Access> = {
  'POST /api/sign-up/': { who: 'anybody', status: 201, json: SIGN_UP },
  'POST /api/sign-in/': { who: 'anybody', status: 400, json: {} },
  'POST /api/token/': { who: 'anybody', status: 400, json: {} },
  'POST /api/token/refresh/': { who: 'anybody', status: 400, json: {} },
  'POST /api/token/verify/': { who: 'anybody', status: 400, json: {} },
  'POST /api/token/blacklist/': { who: 'anybody', status: 400, json: {} },
  // What doesn't show that it comes from a page of the same origin: test/routes/session-csrf.test.ts has the rest.
  'PUT /api/session/': { who: 'anybody', status: 403, json: {} },
  'POST /api/session/': { who: 'anybody', status: 403 },
  'DELETE /api/session/': { who: 'anybody', status: 403 },
  'GET /api/profile/': { who: 'users', status: 200 },
  'HEAD /api/profile/': { who: 'users', status: 200 },
  'POST /api/profile/': { who: 'users', status: 200 },
  'GET /api/profile/:id/': { who: 'owner', status: 200 },
  'HEAD /api/profile/:id/': { who: 'owner', status: 200 },
  'PUT /api/profile/:id/update/': { who: 'owner', status: 200, json: { first_name: 'Changed' } },
  'PATCH /api/profile/:id/update/': { who: 'owner', status: 200, json: { first_name: 'Changed' } },
  'POST /api/profile/:id/password/': { who: 'owner', status: 400, json: {} },
  'DELETE /api/profile/:id/delete/': { who: 'owner', status: 204 },
  'POST /api/sign-out-everywhere/': { who: 'users', status: 200 },
  'GET /api/admin/users/': { who: 'administrators', status: 200 },
  'HEAD /api/admin/users/': { who: 'administrators', status: 200 },
  'GET /api/admin/users/:id/': { who: 'administrators', status: 200 },
  'HEAD /api/admin/users/:id/': { who: 'administrators', status: 200 },
  'PATCH /api/admin/users/:id/': { who: 'administrators', status: 200, json: { first_name: 'Changed' } },
  'DELETE /api/admin/users/:id/': { who: 'administrators', status: 204 },
  'GET /api/admin/users/:id/sessions/': { who: 'administrators', status: 200 },
  'HEAD /api/admin/users/:id/sessions/': { who: 'administrators', status: 200 },
  'POST /api/admin/users/:id/activate/': { who: 'administrators', status: 200 },
  'POST /api/admin/users/:id/deactivate/': { who: 'administrators', status: 200 },
  'POST /api/admin/users/:id/sign-out/': { who: 'administrators', status: 200 },
  'POST /api/admin/users/:id/grant-staff/': { who: 'administrators', status: 200 },
  'POST /api/admin/users/:id/revoke-staff/': { who: 'administrators', status: 200 },
  'DELETE /api/admin/users/:id/avatar/': { who: 'administrators', status: 200 },
  'GET /api/admin/audit/': { who: 'administrators', status: 200 },
  'HEAD /api/admin/audit/': { who: 'administrators', status: 200 },
  'GET /api/admin/imports/': { who: 'administrators', status: 200 },
  'HEAD /api/admin/imports/': { who: 'administrators', status: 200 },
  'GET /api/admin/status/': { who: 'administrators', status: 200 },
  'HEAD /api/admin/status/': { who: 'administrators', status: 200 },
  'GET /api/avatars/:id/': { who: 'anybody', status: 302 },
  'HEAD /api/avatars/:id/': { who: 'anybody', status: 302 },
  'GET /avatar/:hash': { who: 'anybody', status: 302 },
  'HEAD /avatar/:hash': { who: 'anybody', status: 302 },
  'GET /media/*': { who: 'anybody', status: 404 },
  'HEAD /media/*': { who: 'anybody', status: 404 },
  'GET /media/placeholders/:name': { who: 'anybody', status: 200 },
  'HEAD /media/placeholders/:name': { who: 'anybody', status: 200 },
  'GET /openapi.json': { who: 'anybody', status: 200 },
  'HEAD /openapi.json': { who: 'anybody', status: 200 },
  'GET /docs/': { who: 'anybody', status: 200 },
  'HEAD /docs/': { who: 'anybody', status: 200 },
  'GET /docs/:file': { who: 'anybody', status: 404 },
  'HEAD /docs/:file': { who: 'anybody', status: 404 },
  'GET /account/': { who: 'anybody', status: 200 },
  'HEAD /account/': { who: 'anybody', status: 200 },
  'GET /admin/': { who: 'anybody', status: 200 },
  'HEAD /admin/': { who: 'anybody', status: 200 },
  'GET /health/live': { who: 'anybody', status: 200 },
  'HEAD /health/live': { who: 'anybody', status: 200 },
  'GET /health/ready': { who: 'anybody', status: 200 },
  'HEAD /health/ready': { who: 'anybody', status: 200 }
}

/** What stands for the parameters of a path, but for an id. */
const PARAMETERS: Record<string, string> = {
  ':hash': '0'.repeat(32),
  ':name': 'AL-1.svg',
  ':file': 'none.js',
  '*': 'avatars/none.jpg'
}

interface Token {
  /** Undefined: none is sent. */
  text: string | undefined
  /** Whether it is good, and whether its user is the one whose id is in the path. */
  good?: boolean
  own?: boolean
  /** Whether its user is an administrator. */
  admin?: boolean
}

/** A user straight into the database: nothing is hashed for it. */
async function addUser({ app, sql }: TestApp, flags: Record<string, boolean> = {}): Promise<number> {
  const username = unique('user')
  const user = await app.stores.users.create({
    username,
    email: `${username}@example.com`,
    firstName: '',
    lastName: '',
    numberPhone: null,
    passwordHash: DJANGO_HASH,
    dateJoined: Date.now()
  })
  for (const [column, value] of Object.entries(flags))
    sql(`update users set ${column} = ? where id = ?`, value ? 1 : 0, user.id)
  return user.id
}

/** Who comes to an account. */
type Visitors = (id: number) => Record<string, Token>

async function createVisitors(service: TestApp): Promise<Visitors> {
  const [deleted, other, staff, inactive] = await Promise.all([
    addUser(service),
    addUser(service),
    addUser(service, { is_staff: true, is_superuser: true }),
    addUser(service, { is_active: false })
  ])
  service.sql('delete from users where id = ?', deleted)
  return (id) => {
    const unsigned = mint(accessClaims(id), { header: { alg: 'none', typ: 'JWT' } })
    return {
      'no token': { text: undefined },
      'own token': { text: mint(accessClaims(id)), good: true, own: true },
      'another’s token': { text: mint(accessClaims(other)), good: true },
      'a superuser’s token': { text: mint(accessClaims(staff)), good: true, admin: true },
      'a deleted user’s token': { text: mint(accessClaims(deleted)) },
      'an inactive user’s token': { text: mint(accessClaims(inactive)) },
      'a refresh token': { text: mint(accessClaims(id, { token_type: 'refresh' })) },
      'a token by another key': { text: mint(accessClaims(id), { key: 'another-key'.repeat(4) }) },
      'a token by no algorithm': { text: unsigned },
      'a token by no algorithm, unsigned': { text: unsigned.replace(/[^.]+$/, '') },
      'an expired token': { text: mint(accessClaims(id, { exp: nowSeconds() - 1 })) },
      'a token without a user': { text: mint(accessClaims(undefined)) },
      garbage: { text: 'garbage' }
    }
  }
}

/** The service, and each of its routes as `METHOD path`. */
async function collectRoutes(t: Test): Promise<{ service: TestApp; routes: Set<string> }> {
  const routes = new Set<string>()
  function collect(message: unknown): void {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) routes.add(`${one} ${url.replace(/\(.*\)/, '')}`)
    })
  }
  subscribe('fastify.initialization', collect)
  const service = await buildTestApp(t, { env: { LIBRAVATAR: 'on' } })
  unsubscribe('fastify.initialization', collect)
  return { service, routes }
}

const everything = (service: TestApp) =>
  ['users', 'sessions', 'refresh_tokens', 'user_identities', 'audit_log'].map(service.rows)

/** What a route has to answer somebody. */
function expected({ who, status }: Access, { good = false, own = false, admin = false }: Token): number {
  if (who === 'anybody') return status
  if (!good) return 401
  if (who === 'administrators') return admin ? status : 403
  return who === 'owner' && !own ? 403 : status
}

t.test('who may do what: every route and method, by everybody', async (t) => {
  const { service, routes } = await collectRoutes(t)
  const forgotten = Object.keys(ROUTES).filter((route) => !routes.has(route))
  t.strictSame(forgotten, [], 'every route of the table is there')
  const paths = new Set([...routes].map((route) => route.split(' ')[1] ?? ''))
  t.ok(paths.size > 20)

  for (const path of paths) {
    const own = METHODS.flatMap((method) => ROUTES[`${method} ${path}`] ?? [])
    const asksForToken = own.some(({ who }) => who !== 'anybody')
    for (const method of METHODS) {
      // Paths of the interface tell which methods they have; to others it is no path.
      const refused: Access = path.startsWith('/api/')
        ? { who: asksForToken ? 'users' : 'anybody', status: 405 }
        : { who: 'anybody', status: 404 }
      const access = ROUTES[`${method} ${path}`] ?? refused
      await t.test(`${method} ${path}`, async (t) => {
        // Anew: a route may end the tokens of who is let in.
        const visitors = await createVisitors(service)
        const names = Object.keys(visitors(0))
        const ids = await Promise.all(names.map(() => addUser(service)))
        for (const [index, name] of names.entries()) {
          const id = ids[index] ?? 0
          const { [name]: token = { text: undefined } } = visitors(id)
          const url = path
            .replace(':id', String(id))
            .replace(/:\w+|\*/, (parameter) => PARAMETERS[parameter] ?? 'unknown')
          const before = everything(service)
          const answer = await service.call(method, url, {
            ...(token.text !== undefined && { token: token.text }),
            ...(access.json && { json: access.json })
          })
          const status = expected(access, token)
          t.equal(answer.statusCode, status, name)
          if (status === 401) t.equal(answer.headers['www-authenticate'], 'Bearer realm="api"', name)
          if (status >= 400) t.strictSame(everything(service), before, `${name} changes nothing`)
          if (status === 201) service.sql('delete from users where username = ?', SIGN_UP.username)
        }
        service.sql('delete from users')
      })
    }
  }
})
