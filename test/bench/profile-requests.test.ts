import { createHmac, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import t from 'tap'
import type { LoadRequest } from '../../bench/load/load.ts'
import { readRequests, spreadIds, updateRequests } from '../../bench/load/profile-requests.ts'
import { parseRequests, writeRequests } from '../../bench/load/requests-file.ts'
import { buildTestApp, SECRET } from '../helper.ts'

t.test('ids are as many as asked for, all different, and spread over all users', async (t) => {
  const cases: [count: number, userCount: number][] = [
    [1, 1],
    [1, 1000],
    [2, 3],
    [10, 10],
    [100, 101],
    [997, 1000],
    [1000, 1000],
    [1000, 100_000],
    [1024, 1_000_000],
    [0, 10]
  ]
  for (const [count, userCount] of cases) {
    const ids = spreadIds(count, userCount)
    t.equal(ids.length, count)
    t.equal(new Set(ids).size, count, `${count} of ${userCount}`)
    t.ok(ids.every((id) => Number.isInteger(id) && id >= 1 && id <= userCount))
    const sorted = [...ids].sort((a, b) => a - b)
    const widest = Math.ceil(userCount / Math.max(1, count))
    t.ok(
      sorted.every((id, index) => id - (sorted[index - 1] ?? 0) <= widest),
      'with no wide gap'
    )
  }
})

t.test('ids jump about', async (t) => {
  const ids = spreadIds(100, 10_000)
  const near = ids.filter((id, index) => index > 0 && Math.abs(id - (ids[index - 1] ?? 0)) <= 1000)
  t.strictSame(near, [])
})

t.test('each update of a user differs from the one before it, over and over again', async (t) => {
  const ids = spreadIds(50, 1000)
  const requests = updateRequests(ids, SECRET)
  t.equal(requests.length % ids.length, 0)
  for (const id of ids) {
    const path = `/api/profile/${id}/update/`
    const bodies = requests.filter((request) => request.path === path).map(({ body }) => String(body))
    t.ok(bodies.length > 1)
    const fields = bodies.map((body) => JSON.parse(body))
    for (const [index, now] of fields.entries()) {
      const before = fields.at(index - 1)
      for (const name of ['first_name', 'last_name', 'number_phone']) t.not(now[name], before[name])
    }
  }
  t.strictSame(
    requests.slice(0, ids.length).map(({ path }) => path),
    ids.map((id) => `/api/profile/${id}/update/`),
    'every user has a turn before the first has another'
  )
})

t.test('the service takes these requests, each for its own user', async (t) => {
  const { app, signUp, row } = await buildTestApp(t)
  const [ada, bob] = [await signUp(), await signUp()]
  const ids = [ada.id, bob.id]
  const send = ({ path, headers, body }: LoadRequest, method: 'GET' | 'PUT') =>
    app.inject({ method, url: path, headers, ...(body !== undefined && { payload: body }) })
  for (const request of updateRequests(ids, SECRET)) {
    t.equal(request.method, 'PUT')
    const response = await send(request, 'PUT')
    t.equal(response.statusCode, 200, response.body)
    t.match(response.json(), JSON.parse(String(request.body)))
    const stored = row(response.json().id)
    t.match(stored, JSON.parse(String(request.body)))
  }
  const read = await Promise.all(readRequests(ids, SECRET).map((request) => send(request, 'GET')))
  t.strictSame(
    read.map((response) => [response.statusCode, response.json().id]),
    ids.map((id) => [200, id])
  )
})

t.test('what was written to a file of requests is read again, binary bodies too', async (t) => {
  const all256 = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  const bodies: LoadRequest['body'][] = [
    undefined,
    '',
    '{"first_name":"Grüße, 世界"}',
    'with a blank line\r\n\r\nand 17\nafter it',
    all256,
    Buffer.concat([Buffer.from('\r\n\r\n'), randomBytes(300_000)]),
    'the last'
  ]
  const requests = bodies.map((body, index): LoadRequest => {
    const headers = { Authorization: `Bearer ${index}`, 'Content-Type': 'text/plain' }
    return { method: 'PUT', path: `/api/${index}/`, headers, ...(body !== undefined && { body }) }
  })
  const path = `${t.testdir()}/requests`
  await writeRequests(path, 'http://127.0.0.1:8123', requests)
  const parsed = parseRequests(readFileSync(path))
  t.equal(parsed.length, requests.length)
  for (const [index, { head, body }] of parsed.entries()) {
    const expected = Buffer.from(bodies[index] ?? '')
    t.ok(body.equals(expected), `the body of ${index}`)
    t.strictSame(head.split('\r\n'), [
      `PUT /api/${index}/ HTTP/1.1`,
      'Host: 127.0.0.1:8123',
      `Authorization: Bearer ${index}`,
      'Content-Type: text/plain',
      ...(expected.length > 0 ? [`Content-Length: ${expected.length}`] : [])
    ])
  }
})

t.test('a file of no requests is read as none', async (t) => {
  const path = `${t.testdir()}/requests`
  await writeRequests(path, 'http://127.0.0.1:8123', [])
  t.strictSame(parseRequests(readFileSync(path)), [])
})

t.test('every request carries a token that was signed with the secret for its user', async (t) => {
  for (const { path, headers } of readRequests([7, 8], SECRET)) {
    const [head = '', payload = '', signature] = (headers.Authorization ?? '')
      .replace('Bearer ', '')
      .split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    t.equal(path, `/api/profile/${claims.user_id}/`)
    t.equal(signature, createHmac('sha256', SECRET).update(`${head}.${payload}`).digest('base64url'))
  }
})
