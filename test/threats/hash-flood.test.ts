import { availableParallelism } from 'node:os'
import t from 'tap'
import { DJANGO_HASH, eventually, PASSWORD } from '../helper.ts'
import { spyOnHashes } from '../spied-hashes.ts'

/**
 * Hashing as a lever (RackulaLives issue 2921, keycloak issue 28477): a few hashes run at once, each of 19 MiB, a bounded number
 * waits, the rest is refused at once, and nothing is hashed that is too long or asks for too much. All else goes on.
 */
const WORKERS = Math.min(availableParallelism(), 3)
const WAITING = 64 * WORKERS
const OURS = 'argon2 2 19456 2 1'

const { buildTestApp, takeWork, mostAtOnce, hold } = await spyOnHashes(t)

t.test(
  'of a thousand sign-ins at once a few run, some wait, and the rest is told to come again',
  async (t) => {
    const { call, update, signUp, row } = await buildTestApp(t)
    const ada = await signUp()
    const before = row(ada.id)
    takeWork()
    const release = hold()
    const heapBefore = process.memoryUsage().rss
    let refused = 0
    const flood = Array.from({ length: 1000 }, async (_, index) => {
      const json =
        index % 2 === 0
          ? { email: ada.email, password: 'wrong horse 42' }
          : { email: `nobody${index}@example.com`, password: PASSWORD }
      const response = await call('POST', '/api/sign-in/', { json })
      if (response.statusCode === 503) refused++
      return response
    })
    await eventually('the rest was refused', () => refused === 1000 - WORKERS - WAITING)
    t.equal(takeWork().length, WORKERS, 'only those that run have begun')
    t.equal((await call('GET', '/api/profile/', { token: ada.access })).statusCode, 200, 'reads go on')
    t.equal((await update(ada, { json: { last_name: 'Byron' } })).statusCode, 200, 'and so do writes')
    const signUpMeanwhile = await call('POST', '/api/sign-up/', {
      json: { username: 'late', email: 'late@example.com', password: PASSWORD }
    })
    t.equal(signUpMeanwhile.statusCode, 503, 'a sign-up shares the bound')
    t.ok(process.memoryUsage().rss - heapBefore < 150_000_000)
    release()
    const answers = await Promise.all(flood)
    for (const { statusCode, headers, body } of answers) {
      if (statusCode === 400) continue
      t.equal(statusCode, 503)
      t.equal(headers['retry-after'], '1')
      t.strictSame(JSON.parse(body), { error: 'The service is temporarily unavailable. Try again later.' })
    }
    t.equal(answers.filter(({ statusCode }) => statusCode === 400).length, WORKERS + WAITING)
    t.equal(mostAtOnce(), WORKERS)
    t.strictSame(row(ada.id), { ...before, last_name: 'Byron' })
    const json = { email: ada.email, password: PASSWORD }
    t.equal((await call('POST', '/api/sign-in/', { json })).statusCode, 200, 'and then all is as before')
  }
)

t.test('what is too long is refused before it is hashed', async (t) => {
  const { call, signUp } = await buildTestApp(t)
  const ada = await signUp()
  takeWork()
  const long = ['x'.repeat(129), '🙂'.repeat(129), 'x'.repeat(1_000_000)]
  for (const password of long) {
    const json = { username: 'eve', email: 'eve@example.com', password }
    t.equal((await call('POST', '/api/sign-up/', { json })).statusCode, 400)
    const change = await call('POST', `/api/profile/${ada.id}/password/`, {
      token: ada.access,
      json: { new_password: password }
    })
    t.equal(change.statusCode, 400)
  }
  for (const password of ['x'.repeat(4097), 'x'.repeat(1_000_000)]) {
    for (const json of [
      { email: ada.email, username: ada.username, password },
      { email: 'x'.repeat(321), username: 'x'.repeat(321), password: PASSWORD }
    ])
      for (const path of ['sign-in', 'token'])
        t.equal((await call('POST', `/api/${path}/`, { json })).statusCode, 400)
  }
  t.strictSame(takeWork(), [])
  const json = { username: 'eve', email: 'eve@example.com', password: '🙂'.repeat(128) }
  t.equal((await call('POST', '/api/sign-up/', { json })).statusCode, 201, 'as many as may be are taken')
  t.strictSame(takeWork(), [OURS])
  t.equal(
    (await call('POST', '/api/sign-in/', { json: { email: json.email, password: json.password } }))
      .statusCode,
    200
  )
})

t.test('an imported hash that asks for too much is not computed', async (t) => {
  const { call, signUp, sql } = await buildTestApp(t)
  const ada = await signUp()
  const salted = '$c2FsdHNhbHRzYWx0$AdCSqQ8ZZiKiez+KEBachUARTcphL6Ng4oweQHzof4c'
  const heavy = [
    DJANGO_HASH.replace('$1000$', '$10000001$'),
    DJANGO_HASH.replace('$1000$', `$${'9'.repeat(300)}$`),
    `argon2$argon2id$v=19$m=262145,t=1,p=1${salted}`,
    `argon2$argon2id$v=19$m=65536,t=64,p=1${salted}`,
    `argon2$argon2id$v=19$m=4294967295,t=4294967295,p=16777215${salted}`,
    `scrypt$salt$1073741824$8$1$${'A'.repeat(86)}==`,
    `bcrypt_sha256$$2b$31$${'a'.repeat(21)}e${'a'.repeat(30)}a`
  ]
  for (const hash of heavy) {
    sql('update users set password = ? where id = ?', hash, ada.id)
    takeWork()
    for (const path of ['sign-in', 'token']) {
      const json = { email: ada.email, username: ada.email, password: PASSWORD }
      t.ok([400, 401].includes((await call('POST', `/api/${path}/`, { json })).statusCode), hash.slice(0, 60))
    }
    t.strictSame(takeWork(), [OURS, OURS], 'as much work as for nobody')
  }
})
