import Fastify from 'fastify'
import t from 'tap'
import { type UserProfileOptions, userProfile } from '../../../entries/index.ts'
import { newUser } from '../../contracts/user-store.ts'
import { buildExternalApp, type ExternalApp } from '../../external-app.ts'
import { stoppedClock, withDatabase } from '../../helper.ts'
import { AUDIENCE, ISSUER, makeKey, personClaims, startProvider } from '../../identity-provider.ts'

const key = makeKey('ES256', 'key')
const env = { AUTO_PROVISION: 'on' }

const TAKEN = {
  error:
    'There is an account with your email address that is not connected with this sign-in. Use the sign-in that it was made with, or ask an administrator.'
}
const NO_EMAIL = {
  error:
    'Your sign-in brings no verified email address, and an account here needs one. Verify your email address where you signed in, then sign in there again.'
}

/** All users, and who they are elsewhere, as they are on disk. */
const stored = ({ folder }: Pick<ExternalApp, 'folder'>) =>
  withDatabase(`${folder}/data/profile.db`, (database) => ({
    users: database.prepare('select * from users order by id').all() as Record<string, unknown>[],
    identities: database.prepare('select * from user_identities order by user_id').all()
  }))

t.test('somebody new becomes a user at first sight, with what the token says and no password', async (t) => {
  const clock = stoppedClock()
  const app = await buildExternalApp(t, [key], { env, clock })
  const { status, body } = await app.read(key.sign(personClaims('ada')))
  t.equal(status, 200)
  t.match(body, {
    username: 'ada',
    email: 'ada@example.com',
    first_name: 'Ada',
    last_name: 'Lovelace',
    number_phone: null,
    avatar: null,
    last_login: null,
    is_active: true,
    is_staff: false,
    is_superuser: false
  })
  const { users, identities } = stored(app)
  t.match(users, [{ id: body.id, date_joined: clock.now(), password: /^![A-Za-z0-9]{40}$/, token_epoch: 0 }])
  t.strictSame(identities, [{ issuer: ISSUER, subject: 'id of ada', user_id: body.id }])
})

t.test('a token makes nobody staff, inactive or older, whatever it claims', async (t) => {
  const app = await buildExternalApp(t, [key], { env })
  const wishes = {
    is_staff: true,
    is_superuser: true,
    isStaff: 1,
    is_active: false,
    id: 7,
    user_id: 7,
    avatar: 'x'
  }
  const { body } = await app.read(key.sign(personClaims('ada', wishes)))
  t.match(body, { is_staff: false, is_superuser: false, is_active: true, avatar: null })
})

t.test('twenty first requests of one person at once make one user', async (t) => {
  const app = await buildExternalApp(t, [key], { env })
  const tokens = Array.from({ length: 20 }, (_, index) => key.sign(personClaims('ada', { jti: `${index}` })))
  const answers = await Promise.all(tokens.map(app.read))
  t.ok(answers.every(({ status }) => status === 200))
  t.equal(new Set(answers.map(({ body }) => body.id)).size, 1)
  const { users, identities } = stored(app)
  t.match([users.length, identities.length], [1, 1])
})

t.test('people who want one username at once each get one', async (t) => {
  const app = await buildExternalApp(t, [key], { env })
  const tokens = Array.from({ length: 10 }, (_, index) =>
    key.sign(personClaims(`p${index}`, { preferred_username: 'ada' }))
  )
  const answers = await Promise.all(tokens.map(app.read))
  t.ok(answers.every(({ status }) => status === 200))
  const names = answers.map(({ body }) => String(body.username))
  t.equal(new Set(names).size, 10)
  t.equal(names.filter((name) => name === 'ada').length, 1)
})

t.test('a username that is missing, not valid or taken becomes one that is free', async (t) => {
  const app = await buildExternalApp(t, [key], { env })
  await app.app.stores.users.create(newUser('Taken'))
  await app.app.stores.users.create(newUser('lady'))
  const wanted: [claims: object, username: RegExp][] = [
    [{ preferred_username: 'Ada Lovelace' }, /^Ada-Lovelace$/],
    [{ preferred_username: undefined, email: 'local@example.com' }, /^local$/],
    [{ preferred_username: 'TAKEN', email: 'other@example.com' }, /^other$/],
    [{ preferred_username: 'taken', email: 'lady@example.org' }, /^taken-[0-9a-f]{6}$/],
    [{ preferred_username: '🙂', email: '"!"@example.com' }, /^user-[0-9a-f]{16}$/],
    [{ preferred_username: 'x'.repeat(400) }, /^x{150}$/]
  ]
  for (const [index, [claims, username]] of wanted.entries()) {
    const { status, body } = await app.read(key.sign(personClaims(`p${index}`, claims)))
    t.match({ status, username: body.username }, { status: 200, username })
  }
})

t.test('an account is never given to who names its email elsewhere', async (t) => {
  const lines: string[] = []
  const logger = { level: 'warn', stream: { write: (line: string) => void lines.push(line) } }
  const app = await buildExternalApp(t, [key], { env, logger })
  const owner = await app.app.stores.users.create(newUser('owner'))
  for (const email of ['owner@example.com', 'OWNER@Example.com', ' owner@example.com']) {
    const { status, body } = await app.read(key.sign(personClaims('thief', { email })))
    t.strictSame({ status, body }, { status: 403, body: TAKEN }, email)
  }
  t.strictSame(await app.app.stores.users.list(undefined, 10), [owner])
  t.strictSame(stored(app).identities, [])
  t.match(lines.join(''), /another account has the email/)
  t.notMatch(lines.join(''), /owner@example\.com/i)
  await app.app.stores.users.update(owner.id, { email: 'elsewhere@example.com' })
  t.match(await app.read(key.sign(personClaims('thief', { email: 'owner@example.com' }))), { status: 200 })
})

t.test('without an email that is known to be theirs nobody becomes a user', async (t) => {
  const app = await buildExternalApp(t, [key], { env })
  const missing: object[] = [
    { email: undefined },
    { email: 'ada' },
    { email: '' },
    { email: null },
    { email: `${'x'.repeat(200)}@example.com` },
    { email_verified: false },
    { email_verified: 'false' },
    { email_verified: 0 }
  ]
  for (const claims of missing) {
    const { status, body } = await app.read(key.sign(personClaims('ada', claims)))
    t.strictSame({ status, body }, { status: 403, body: NO_EMAIL }, JSON.stringify(claims))
  }
  t.strictSame(stored(app).users, [])
  t.equal((await app.read(key.sign(personClaims('ada', { email_verified: undefined })))).status, 200)
})

t.test('claims are read once: what the profile says later is the user’s own', async (t) => {
  const app = await buildExternalApp(t, [key], { env })
  const { body } = await app.read(key.sign(personClaims('ada')))
  const renamed = {
    preferred_username: 'root',
    email: 'root@example.com',
    email_verified: false,
    given_name: 'R'
  }
  t.strictSame((await app.read(key.sign(personClaims('ada', renamed)))).body, body)
})

t.test('a user who was deleted comes back as another, with the same token', async (t) => {
  const app = await buildExternalApp(t, [key], { env })
  const token = key.sign(personClaims('ada'))
  const { body } = await app.read(token)
  t.equal((await app.call('DELETE', `/api/profile/${body.id}/delete/`, { token })).statusCode, 204)
  t.match(stored(app), { users: [], identities: [] })
  const again = await app.read(token)
  t.match(again, { status: 200, body: { username: 'ada' } })
  t.not(again.body.id, body.id)
})

t.test('claims have the names that the settings give them', async (t) => {
  const names = 'subject=oid,username=nick,email=upn,firstName=name,audience=client_id'
  const app = await buildExternalApp(t, [key], { env: { ...env, JWT_CLAIMS: names } })
  const claims = {
    oid: 'o-7',
    nick: 'ada',
    upn: 'a@example.com',
    name: 'A',
    client_id: AUDIENCE,
    aud: undefined
  }
  const { body } = await app.read(key.sign(personClaims('other', claims)))
  t.match(body, { username: 'ada', email: 'a@example.com', first_name: 'A', last_name: 'Lovelace' })
  t.match(stored(app).identities, [{ issuer: ISSUER, subject: 'o-7' }])
})

t.test('a host is told once of who came to be, and serves them below its own prefix', async (t) => {
  const provider = await startProvider(t, key)
  const folder = t.testdir()
  const told: unknown[] = []
  const host = Fastify()
  t.teardown(() => host.close())
  await host.register(userProfile, {
    prefix: '/accounts',
    jwks: { url: provider.url, issuer: ISSUER, audience: AUDIENCE, autoProvision: true },
    databasePath: `${folder}/profile.db`,
    mediaRoot: `${folder}/media`,
    onSignUp: (user) => void told.push(user)
  })
  const token = key.sign(personClaims('ada'))
  const read = () => host.inject({ url: '/accounts/profile/', headers: { authorization: `Bearer ${token}` } })
  const answers = await Promise.all([read(), read(), read()])
  for (const answer of answers) t.equal(answer.statusCode, 200)
  t.strictSame(told, [answers[0]?.json()])
})

t.test('options that can’t be used keep a host from starting, and are named', async (t) => {
  const jwks = { url: 'https://id.example.com/keys', issuer: ISSUER, audience: AUDIENCE }
  const wrong: [options: object, option: string][] = [
    [{ jwks: { ...jwks, url: 'http://id.example.com/keys' } }, 'jwks.url'],
    [{ jwks: { ...jwks, algorithms: ['HS256'] } }, 'jwks.algorithms'],
    [{ jwks: { ...jwks, secret: 'x' } }, 'jwks.secret'],
    [{ jwks: 'https://id.example.com/keys' }, 'jwks'],
    [{ jwks, jwtSecret: 'x'.repeat(32) }, 'jwtSecret'],
    [{ jwks, authenticate: () => undefined }, 'jwks'],
    [{ jwks, stores: { users: {} } }, 'stores.users']
  ]
  for (const [options, option] of wrong) {
    const host = Fastify()
    await t.rejects(
      async () => host.register(userProfile, options as UserProfileOptions),
      { code: 'FST_USER_PROFILE_OPTION', option },
      option
    )
    await host.close()
  }
})
