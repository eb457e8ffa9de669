import type { AddressInfo } from 'node:net'
import t from 'tap'
import userProfile from '../../../plugins/user-profile.ts'
import { eventually } from '../../helper.ts'
import { open } from '../../raw-http.ts'
import { hostApp, ownFolder } from './host-app.ts'

t.test('in a host, where Node has invited the body already, a refusal waits for it to be sent', async (t) => {
  const app = hostApp(t)
  await app.register(userProfile, ownFolder(t.testdir()))
  await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = await open((app.server.address() as AddressInfo).port)
  let text = ''
  socket.setEncoding('utf8').on('data', (part) => {
    text += part
  })
  const size = 400_000
  socket.write(
    'PUT /api/profile/1/update/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n' +
      `Content-Type: application/json\r\nContent-Length: ${size}\r\n\r\n`
  )
  await eventually('the body was invited', () => text.includes('100 Continue'))
  socket.write('x'.repeat(size / 2))
  socket.write('x'.repeat(size / 2))
  await eventually('the refusal came', () => /\r\n\r\n\{.*\}$/s.test(text))
  t.match(text, /HTTP\/1\.1 401 Unauthorized/)
  socket.destroy()
})
