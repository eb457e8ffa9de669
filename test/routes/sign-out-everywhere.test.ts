import t from 'tap'
import { buildTestApp, PASSWORD, stoppedClock } from '../helper.ts'

t.test('signing out everywhere ends every token of the user at once, the one sent too', async (t) => {
  const app = await buildTestApp(t, { clock: stoppedClock() })
  const { call, signUp, row } = app
  const [ada, bob] = [await signUp(), await signUp()]
  const signIn = async () =>
    (await call('POST', '/api/sign-in/', { json: { email: ada.email, password: PASSWORD } })).json()
  const phone = await signIn()
  const rotated = (await call('POST', '/api/token/refresh/', { json: { refresh: phone.refresh } })).json()

  const answer = await call('POST', '/api/sign-out-everywhere/', { token: rotated.access, body: 'unread' })
  t.equal(answer.statusCode, 200)
  t.strictSame(answer.json(), {})
  for (const { access, refresh } of [ada, phone, rotated]) {
    t.equal((await call('GET', '/api/profile/', { token: access })).statusCode, 401)
    t.equal((await call('POST', '/api/token/refresh/', { json: { refresh } })).statusCode, 401)
  }
  t.equal((await call('POST', '/api/sign-out-everywhere/', { token: rotated.access })).statusCode, 401)
  t.equal((await call('GET', '/api/profile/', { token: bob.access })).statusCode, 200, 'nobody else is')

  const again = await signIn()
  t.equal((await call('GET', '/api/profile/', { token: again.access })).statusCode, 200, 'in the same second')
  t.equal((await call('POST', '/api/token/refresh/', { json: { refresh: again.refresh } })).statusCode, 200)
  t.type(row(ada.id)?.token_epoch, 'number')
})

t.test('it takes a token, and no other method', async (t) => {
  const { call, signUp } = await buildTestApp(t)
  const { access, refresh } = await signUp()
  t.equal((await call('POST', '/api/sign-out-everywhere/')).statusCode, 401)
  t.equal((await call('POST', '/api/sign-out-everywhere/', { token: refresh })).statusCode, 401)
  const get = await call('GET', '/api/sign-out-everywhere/', { token: access })
  t.equal(get.statusCode, 405)
  t.equal(get.headers.allow, 'POST')
  t.equal((await call('GET', '/api/profile/', { token: access })).statusCode, 200)
})
