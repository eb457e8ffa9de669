import { PassThrough } from 'node:stream'
import t from 'tap'
import type { UserId } from '../../src/users/user.ts'
import { buildTestApp, encodeForm } from '../helper.ts'
import { jpeg } from '../pictures.ts'

t.test('who is put out while their picture is on its way changes nothing with it', async (t) => {
  const service = await buildTestApp(t)
  const { users } = service.app.stores
  const now = () => Date.now()
  for (const [name, putOut, expected] of [
    ['deactivated', (id) => users.setActive(id, false, now()), [401, 'user_inactive']],
    ['signed out everywhere', (id) => users.revokeTokens(id, now()), [401, 'token_not_valid']],
    ['deleted', (id) => users.delete(id), [404, undefined]]
  ] as [string, (id: UserId) => Promise<unknown>, unknown[]][]) {
    const { id, access } = await service.signUp()
    const { body, type } = await encodeForm([
      ['first_name', 'Late'],
      ['avatar', { bytes: await jpeg() }]
    ])
    const payload = new PassThrough()
    const answer = service.app.inject({
      method: 'PUT',
      url: `/api/profile/${id}/update/`,
      headers: { authorization: `Bearer ${access}`, 'content-type': type },
      payload
    })
    payload.write(body.subarray(0, -100))
    // Once its file is being written, the request has been authenticated.
    while (service.uploads().length === 0) await new Promise(setImmediate)
    await putOut(id as UserId)
    payload.end(body.subarray(-100))
    const { statusCode, ...rest } = await answer
    t.strictSame([statusCode, rest.json().code], expected, name)
    t.match(service.row(id) ?? {}, name === 'deleted' ? {} : { first_name: '', avatar: null }, name)
    t.strictSame([service.pictures(), service.uploads()], [[], []], name)
  }
})
