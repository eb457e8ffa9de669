import t from 'tap'
import { buildTestApp, FIELDS, PASSWORD, unique } from '../helper.ts'

t.test(
  'a JSON update changes the fields it names, in the row too, and answers all twelve in order',
  async (t) => {
    const { signUp, update, call, row } = await buildTestApp(t)
    const ada = await signUp({ last_name: 'Byron' })
    const response = await update(ada, { json: { first_name: 'Ada', number_phone: '5559876543' } })
    t.equal(response.statusCode, 200)
    t.match(response.headers['content-type'], /^application\/json/)
    t.strictSame(Object.keys(response.json()), FIELDS)
    t.match(response.json(), {
      id: ada.id,
      username: ada.username,
      first_name: 'Ada',
      last_name: 'Byron',
      number_phone: '5559876543',
      avatar: null,
      date_joined: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
      last_login: null,
      is_active: true,
      is_staff: false,
      is_superuser: false
    })
    t.match(row(ada.id), { first_name: 'Ada', last_name: 'Byron', number_phone: '5559876543' })
    const read = await call('GET', '/api/profile/', { token: ada.access })
    t.strictSame(read.json(), response.json())
  }
)

t.test('the three content types do the same, with PUT and PATCH, with and without the slash', async (t) => {
  const { signUp, call, row } = await buildTestApp(t)
  const ada = await signUp()
  const bodies = {
    json: { json: { first_name: 'Ünï & co' } },
    multipart: { form: [['first_name', 'Ünï & co']] as [string, string][] },
    urlencoded: { urlencoded: new URLSearchParams({ first_name: 'Ünï & co' }).toString() }
  }
  for (const [type, body] of Object.entries(bodies)) {
    for (const method of ['PUT', 'PATCH'] as const) {
      for (const slash of ['', '/']) {
        await call('PUT', `/api/profile/${ada.id}/update/`, {
          token: ada.access,
          json: { first_name: 'before' }
        })
        const url = `/api/profile/${ada.id}/update${slash}`
        const response = await call(method, url, { token: ada.access, ...body })
        t.equal(response.json().first_name, 'Ünï & co', `${method} ${type} ${url}`)
        t.equal(row(ada.id)?.first_name, 'Ünï & co')
      }
    }
  }
})

t.test('an update of nothing answers the unchanged user', async (t) => {
  const { signUp, update, call } = await buildTestApp(t)
  const ada = await signUp()
  const before = (await call('GET', '/api/profile/', { token: ada.access })).json()
  const nothings = [
    { json: {} },
    { json: { colour: 'red' } },
    { urlencoded: '' },
    { body: '--x--\r\n', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
    { headers: { 'content-type': 'application/json' } },
    {}
  ]
  for (const nothing of nothings) {
    const response = await update(ada, nothing)
    t.equal(response.statusCode, 200, JSON.stringify(nothing))
    t.strictSame(response.json(), before)
  }
})

t.test('texts are trimmed, numbers become their text, and blanks and null stay where they may', async (t) => {
  const { signUp, update, row } = await buildTestApp(t)
  const ada = await signUp({ last_name: 'x' })
  const cases: [object, object][] = [
    [{ first_name: '  Ann\u00a0\n' }, { first_name: 'Ann' }],
    [{ first_name: '\u200b' }, { first_name: '\u200b' }],
    [{ first_name: '\ufeffAnn\u001f\u0085' }, { first_name: '\ufeffAnn' }],
    [{ last_name: '' }, { last_name: '' }],
    [{ last_name: '   ' }, { last_name: '' }],
    [{ number_phone: 5551234 }, { number_phone: '5551234' }],
    [{ number_phone: -1.5 }, { number_phone: '-1.5' }],
    [{ number_phone: '' }, { number_phone: '' }],
    [{ number_phone: null }, { number_phone: null }],
    [{ username: 12345 }, { username: '12345' }],
    [{ username: 'ｆｕｌｌ' }, { username: 'full' }],
    [{ first_name: '😀'.repeat(200) }, { first_name: '😀'.repeat(200) }],
    [{ first_name: '<script>alert(1)</script>' }, { first_name: '<script>alert(1)</script>' }]
  ]
  for (const [json, expected] of cases) {
    const response = await update(ada, { json })
    t.match(response.json(), expected, JSON.stringify(json))
    t.match(row(ada.id), expected)
  }
})

t.test('of a field that comes twice the last value counts, in every content type', async (t) => {
  const { signUp, update } = await buildTestApp(t)
  const ada = await signUp()
  const twice = [
    { body: '{"first_name":"A","first_name":"B"}', headers: { 'content-type': 'application/json' } },
    { urlencoded: 'first_name=A&first_name=B' },
    {
      form: [
        ['first_name', 'A'],
        ['first_name', 'B']
      ] as [string, string][]
    }
  ]
  for (const body of twice) t.equal((await update(ada, body)).json().first_name, 'B')
})

t.test('an email alone can be changed, and one’s own names in another case', async (t) => {
  const { signUp, update, row } = await buildTestApp(t)
  const ada = await signUp()
  const email = `${unique('new')}@Example.com`
  t.match((await update(ada, { json: { email } })).json(), { email, username: ada.username })
  const upper = { email: email.toUpperCase(), username: ada.username.toUpperCase() }
  t.match((await update(ada, { json: upper })).json(), upper)
  t.match(row(ada.id), { username_key: ada.username, email_key: email.toLowerCase() })
})

t.test('privileged, read-only and unknown fields are never written, in any content type', async (t) => {
  const { signUp, update, row, call } = await buildTestApp(t)
  const ada = await signUp()
  const before = row(ada.id)
  const fields = {
    id: 1000,
    is_staff: true,
    is_superuser: true,
    is_active: false,
    date_joined: '2001-01-01T00:00:00Z',
    last_login: '2001-01-01T00:00:00Z',
    password: 'hacked',
    passwordHash: 'hacked',
    username_key: 'hacked',
    usernameKey: 'hacked',
    email_key: 'hacked',
    groups: [1]
  }
  const texts = Object.entries(fields).map(([name, value]) => [name, String(value)] as [string, string])
  const attempts = [
    { json: fields },
    { form: texts },
    { urlencoded: new URLSearchParams(texts).toString() },
    {
      body: '{"__proto__":{"is_staff":true},"constructor":{"prototype":{"is_staff":true}}}',
      headers: { 'content-type': 'application/json' }
    },
    { urlencoded: '__proto__=x&constructor=y' }
  ]
  for (const attempt of attempts) {
    t.equal((await update(ada, attempt)).statusCode, 200)
    t.strictSame(row(ada.id), before)
  }
  t.equal(Reflect.get({}, 'is_staff'), undefined)
  const signIn = await call('POST', '/api/sign-in/', { json: { email: ada.email, password: PASSWORD } })
  t.equal(signIn.statusCode, 200)
})

t.test('of two who race for a name exactly one gets it', async (t) => {
  const { signUp, update } = await buildTestApp(t)
  const people = await Promise.all(Array.from({ length: 8 }, () => signUp()))
  const answers = await Promise.all(people.map((one) => update(one, { json: { username: 'Prize' } })))
  t.strictSame(answers.map(({ statusCode }) => statusCode).sort(), [200, 400, 400, 400, 400, 400, 400, 400])
  const refused = answers.find(({ statusCode }) => statusCode === 400)
  t.strictSame(refused?.json(), { username: ['A user with that username already exists.'] })
})
