import t from 'tap'
import { buildTestApp, PASSWORD } from '../helper.ts'
import { jpeg } from '../pictures.ts'

t.test('a deleted account is gone with its picture, and its tokens are dead', async (t) => {
  const { signUp, update, call, row, pictures } = await buildTestApp(t)
  const ada = await signUp()
  const { avatar } = (await update(ada, { form: [['avatar', { bytes: await jpeg() }]] })).json()
  const response = await call('DELETE', `/api/profile/${ada.id}/delete/`, {
    token: ada.access,
    json: { any: 'body' }
  })
  t.equal(response.statusCode, 204)
  t.equal(response.body, '')
  t.equal(row(ada.id), undefined)
  t.strictSame(pictures(), [])
  t.equal((await call('GET', avatar)).statusCode, 404)
  const read = await call('GET', '/api/profile/', { token: ada.access })
  t.equal(read.statusCode, 401)
  t.strictSame(read.json(), { detail: 'User not found', code: 'user_not_found' })
  const refreshed = await call('POST', '/api/token/refresh/', { json: { refresh: ada.refresh } })
  t.equal(refreshed.statusCode, 401)
  const again = await call('POST', '/api/sign-in/', { json: { email: ada.email, password: PASSWORD } })
  t.equal(again.statusCode, 400)
})

t.test('its names are free again, and its id is not given to the next account', async (t) => {
  const { signUp, call } = await buildTestApp(t)
  const ada = await signUp()
  await call('DELETE', `/api/profile/${ada.id}/delete`, { token: ada.access })
  const next = await signUp({ username: ada.username, email: ada.email })
  t.not(next.id, ada.id)
  t.equal((await call('GET', '/api/profile/', { token: ada.access })).statusCode, 401)
})
