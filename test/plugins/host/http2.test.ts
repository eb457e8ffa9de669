import { once } from 'node:events'
import { connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2'
import Fastify from 'fastify'
import t from 'tap'
import userProfile from '../../../plugins/user-profile.ts'
import { encodeForm, PASSWORD } from '../../helper.ts'
import { jpeg } from '../../pictures.ts'
import { ownFolder, picturesOf, rowsOf } from './host-app.ts'

t.test('a host that speaks HTTP/2 gets the same, without a warning', async (t) => {
  const folder = t.testdir()
  const warnings: string[] = []
  const warned = ({ message }: Error) => void warnings.push(message)
  process.on('warning', warned)
  t.teardown(() => process.off('warning', warned))
  const app = Fastify({ http2: true, logger: false })
  t.teardown(() => app.close())
  await app.register(userProfile as never, ownFolder(folder) as never)
  const client = connect(await app.listen({ port: 0, host: '127.0.0.1' }))
  t.teardown(() => client.close())

  async function call(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders = {},
    body?: string | Buffer
  ) {
    const stream = client.request({ ':method': method, ':path': path, ...headers })
    const answered = once(stream, 'response')
    stream.end(body)
    const [head] = (await answered) as [IncomingHttpHeaders & { ':status'?: number }]
    const parts: Buffer[] = []
    for await (const part of stream) parts.push(part)
    return { status: head[':status'], type: head['content-type'], body: Buffer.concat(parts) }
  }

  const account = JSON.stringify({ username: 'ada', email: 'ada@example.com', password: PASSWORD })
  const json = { 'content-type': 'application/json' }
  const made = await call('POST', '/api/sign-up/', json, account)
  const { user, access } = JSON.parse(String(made.body))
  const bearer = { authorization: `Bearer ${access}` }
  const url = `/api/profile/${user.id}/update/`
  const form = await encodeForm([['avatar', { bytes: await jpeg() }]])
  const updated = await call('PUT', url, { ...bearer, 'content-type': form.type }, form.body)
  t.equal(updated.status, 200)
  t.equal(rowsOf(folder)[0]?.avatar, picturesOf(folder)[0])
  const picture = await call('GET', JSON.parse(String(updated.body)).avatar)
  t.match(picture, { status: 200, type: 'image/jpeg' })
  const large = Buffer.alloc(3_000_000, 32)
  t.equal((await call('PUT', url, json, large)).status, 401)
  t.equal((await call('PUT', url, { ...json, ...bearer }, large)).status, 413)
  t.equal((await call('PUT', '/api/nothing/', json, large)).status, 404)
  t.equal((await call('GET', '/api/profile/', bearer)).status, 200, 'the connection goes on')
  t.strictSame(warnings, [])
})
