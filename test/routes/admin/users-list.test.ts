import t, { type Test } from 'tap'
import { buildTestApp, FIELDS, type TestApp } from '../../helper.ts'
import { addAdministrator, addUser } from './visitors.ts'

async function build(t: Test) {
  const service = await buildTestApp(t)
  const { token } = await addAdministrator(service, 'staff')
  const list = (query: Record<string, string> = {}) =>
    service.call('GET', `/api/admin/users/?${new URLSearchParams(query)}`, { token })
  const raw = (query: string) => service.call('GET', `/api/admin/users/?${query}`, { token })
  /** Usernames of every page, page by page. */
  async function pages(query: Record<string, string>): Promise<string[][]> {
    const found: string[][] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { results: { username: string }[]; next: string | null } = (
        await list({ ...query, ...(cursor && { cursor }) })
      ).json()
      found.push(page.results.map(({ username }) => username))
      cursor = page.next
    }
    return found
  }
  return { service, token, list, raw, pages }
}

const named = async (service: TestApp, usernames: string[]) => {
  for (const username of usernames) await addUser(service, { username })
}

t.test('everybody, the newest first, by pages', async (t) => {
  const { service, list, pages } = await build(t)
  await named(service, ['a', 'b', 'c', 'd'])
  const { results, next } = (await list()).json()
  t.equal(next, null)
  t.strictSame(Object.keys(results[0]), FIELDS)
  t.strictSame(results.map((user: { username: string }) => user.username).slice(0, 4), ['d', 'c', 'b', 'a'])
  const found = await pages({ limit: '2' })
  t.strictSame(found.slice(0, 2), [
    ['d', 'c'],
    ['b', 'a']
  ])
  t.equal(found.length, 3)
  t.equal((await pages({ limit: '5' })).length, 1, 'a page that is just full is the last one')
})

t.test('who signs up meanwhile moves nobody to another page', async (t) => {
  const { service, list } = await build(t)
  await named(service, ['a', 'b', 'c'])
  const first = (await list({ limit: '2' })).json()
  await named(service, ['d'])
  service.sql("delete from users where username = 'b'")
  const second = (await list({ limit: '1', cursor: first.next })).json()
  t.strictSame(
    [first, second].map(({ results }) => results.at(-1).username),
    ['b', 'a']
  )
})

t.test('an email whose key is far longer than it is ends no list', async (t) => {
  const { service, pages } = await build(t)
  // Each of these letters is eighteen in a key.
  const label = 'ﷺ'.repeat(60)
  const label2 = '𝕏'.repeat(63)
  for (const [username, email] of [
    ['long', `a1@${label}.${label}.${label}.example`],
    ['paired', `a2@${'𐐷'.repeat(63)}.${label2}.${label}.${label}.example`],
    ['short', 'a3@example.com']
  ] as const)
    await addUser(service, { username, email })
  // PostgreSQL has the hash of a key that is too long for its indexes: it is found as a whole only.
  const found = process.env.TEST_POSTGRES === undefined ? ['long', 'paired', 'short'] : ['short']
  for (const limit of ['1', '2', '3'])
    t.strictSame((await pages({ q: 'a', by: 'email', limit })).flat(), found, limit)
})

t.test('by the beginning of a name, whatever its letter case or width', async (t) => {
  const { service, list, pages } = await build(t)
  await named(service, ['Maria', 'mario', 'MARTIN', 'marc', 'x_mar', 'm'])
  t.strictSame(await pages({ q: 'MAR', limit: '2' }), [
    ['marc', 'Maria'],
    ['mario', 'MARTIN']
  ])
  t.strictSame(await pages({ q: ' ｍａｒ ' }), [['marc', 'Maria', 'mario', 'MARTIN']])
  t.strictSame(await pages({ q: 'maria' }), [['Maria']])
  t.strictSame(await pages({ q: 'nobody' }), [[]])
  for (const q of ['%', '_', 'mar%', '\u200b', "'; drop table users; --"])
    t.strictSame((await list({ q })).json(), { results: [], next: null }, q)
})

t.test('by email where there is an @, by id where there are digits, unless it is said', async (t) => {
  const { service, list, pages } = await build(t)
  const id = await addUser(service, { username: '77', email: 'Ann@example.com' })
  const other = await addUser(service, { username: 'ann@home', email: 'bob@example.com' })
  t.strictSame(await pages({ q: 'ANN@' }), [['77']])
  t.strictSame(await pages({ q: 'ann', by: 'email' }), [['77']])
  t.strictSame(await pages({ q: 'ann@', by: 'username' }), [['ann@home']])
  t.strictSame(await pages({ q: '7', by: 'username' }), [['77']])
  t.strictSame(await pages({ q: String(other) }), [['ann@home']])
  t.strictSame(await pages({ q: `00${id}` }), [['77']])
  for (const q of ['999999', '9'.repeat(40), '0'])
    t.strictSame((await list({ q })).json(), { results: [], next: null }, q)
})

t.test('what can’t be read is told by parameter, all at once', async (t) => {
  const { service, list, raw } = await build(t)
  await named(service, ['mara', 'marb'])
  const ofNewest = (await list({ limit: '1' })).json().next
  const ofMar = (await list({ q: 'mar', limit: '1' })).json().next
  const INVALID = { cursor: ['Invalid cursor.'] }
  const wrong: [query: string, refusal: object][] = [
    ['limit=0', { limit: ['Ensure this value is greater than or equal to 1.'] }],
    ['limit=101', { limit: ['Ensure this value is less than or equal to 100.'] }],
    ['limit=ten', { limit: ['A valid integer is required.'] }],
    ['limit=-1', { limit: ['A valid integer is required.'] }],
    ['limit=1e1', { limit: ['A valid integer is required.'] }],
    ['limit=1&limit=2', { limit: ['Not a valid string.'] }],
    ['by=phone&q=1', { by: ['"phone" is not a valid choice.'] }],
    ['by=__proto__&q=1', { by: ['"__proto__" is not a valid choice.'] }],
    ['by=id&q=mar', { q: ['A valid integer is required.'] }],
    [`q=${'x'.repeat(321)}`, { q: ['Ensure this field has no more than 320 characters.'] }],
    ['q=a%00b', { q: ['Null characters are not allowed.'] }],
    ['cursor=x', INVALID],
    ['cursor=%00', INVALID],
    [`cursor=${ofNewest}%20x`, INVALID],
    [`cursor=${ofNewest}=`, INVALID],
    [`cursor=${ofNewest}&q=mar`, INVALID],
    [`cursor=${ofMar}`, INVALID],
    [`cursor=${ofMar}&q=bob`, INVALID],
    [`cursor=${ofMar}&q=1`, INVALID],
    [`cursor=${Buffer.from('id:0').toString('base64url')}`, INVALID],
    [`cursor=${Buffer.from('id:1 or 1=1').toString('base64url')}`, INVALID],
    [`cursor=${'A'.repeat(5000)}`, INVALID],
    [
      'limit=x&by=y&cursor=z',
      { limit: ['A valid integer is required.'], by: ['"y" is not a valid choice.'], ...INVALID }
    ]
  ]
  for (const [query, refusal] of wrong) {
    const answer = await raw(query)
    t.equal(answer.statusCode, 400, query)
    t.strictSame(answer.json(), refusal, query)
  }
  for (const query of ['q=&by=&cursor=&limit=', 'unknown=1', 'q=%20'])
    t.equal((await raw(query)).json().results.length, 3, query)
})

t.test('acts have pages too, and those upon one user by an index of theirs', async (t) => {
  const { service, token } = await build(t)
  const [one, other] = [await addUser(service), await addUser(service)]
  for (const id of [one, other, one, one])
    await service.call('POST', `/api/admin/users/${id}/sign-out/`, { token })
  const acts = async (query: string) =>
    (await service.call('GET', `/api/admin/audit/?${query}`, { token })).json()
  const ids = ({ results }: { results: { id: number; target: { id: number } }[] }) =>
    results.map(({ target }) => target.id)
  const first = await acts('limit=3')
  t.strictSame(ids(first), [one, one, other])
  const second = await acts(`limit=3&cursor=${first.next}`)
  t.strictSame(ids(second), [one])
  t.equal(second.next, null)
  const theirs = await acts(`user=${one}&limit=2`)
  t.strictSame(ids(theirs), [one, one])
  t.strictSame(ids(await acts(`user=${one}&limit=2&cursor=${theirs.next}`)), [one])
  t.strictSame(await acts('user=999999'), { results: [], next: null }, 'who is gone, or never was')
  for (const [query, refusal] of [
    ['user=x', { user: ['A valid integer is required.'] }],
    ['user=0', { user: ['A valid integer is required.'] }],
    [
      'cursor=x&limit=0',
      { limit: ['Ensure this value is greater than or equal to 1.'], cursor: ['Invalid cursor.'] }
    ]
  ] as const) {
    const answer = await service.call('GET', `/api/admin/audit/?${query}`, { token })
    t.equal(answer.statusCode, 400)
    t.strictSame(answer.json(), refusal)
  }
})

t.test('paths work without their slash, have HEAD, and refuse other methods', async (t) => {
  const { service, token } = await build(t)
  t.equal((await service.call('GET', '/api/admin/users', { token })).statusCode, 200)
  const head = await service.call('HEAD', '/api/admin/users/', { token })
  t.equal(head.statusCode, 200)
  t.equal(head.body, '')
  const put = await service.call('PUT', '/api/admin/users/', { token })
  t.equal(put.statusCode, 405)
  t.equal(put.headers.allow, 'GET, HEAD')
  t.equal((await service.call('GET', '/api/admin/', { token })).statusCode, 404)
})

t.test('where it is off there are none of these paths', async (t) => {
  const service = await buildTestApp(t, { env: { ADMIN_API: 'off' } })
  const { id, token } = await addAdministrator(service, 'superuser')
  for (const path of ['users/', `users/${id}/`, 'audit/', 'imports/', 'status/'])
    t.equal((await service.call('GET', `/api/admin/${path}`, { token })).statusCode, 404, path)
  t.notMatch((await service.call('GET', '/openapi.json')).body, /\/admin\//)
})
