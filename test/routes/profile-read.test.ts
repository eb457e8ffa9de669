import t from 'tap'
import { buildTestApp } from '../helper.ts'

t.test('one’s own profile is read by GET and by POST with any body, and by id', async (t) => {
  const { signUp, call } = await buildTestApp(t)
  const ada = await signUp({ first_name: 'Ada', number_phone: '12' })
  const expected = {
    id: ada.id,
    username: ada.username,
    email: ada.email,
    first_name: 'Ada',
    number_phone: '12'
  }
  const reads = [
    await call('GET', '/api/profile/', { token: ada.access }),
    await call('GET', '/api/profile', { token: ada.access }),
    await call('GET', `/api/profile/${ada.id}/`, { token: ada.access }),
    await call('POST', '/api/profile/', { token: ada.access }),
    await call('POST', '/api/profile/', { token: ada.access, json: { first_name: 'ignored' } }),
    await call('POST', '/api/profile/', {
      token: ada.access,
      body: '{',
      headers: { 'content-type': 'application/json' }
    }),
    await call('POST', '/api/profile/', {
      token: ada.access,
      body: 'x',
      headers: { 'content-type': 'garbage' }
    })
  ]
  for (const response of reads) {
    t.equal(response.statusCode, 200)
    t.match(response.json(), expected)
    t.notMatch(response.body, /password|argon2/)
  }
})

t.test('HEAD answers as GET does, without the body', async (t) => {
  const { signUp, call } = await buildTestApp(t)
  const { access } = await signUp()
  const response = await call('HEAD', '/api/profile/', { token: access })
  t.equal(response.statusCode, 200)
  t.equal(response.body, '')
})
