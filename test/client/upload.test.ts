import { openAsBlob, writeFileSync } from 'node:fs'
import t from 'tap'
import type { Progress } from '../../client/progress.ts'
import { eventually } from '../helper.ts'
import { jpeg, noise } from '../pictures.ts'
import { REFRESH, STALE, serviceFor } from './service.ts'

const photo = async () =>
  new Blob([new Uint8Array(await (await noise(1200, 1200)).jpeg({ quality: 100 }).toBuffer())])

const refusalOf = (call: Promise<unknown>) => call.catch((error: unknown) => error)

t.test('a picture goes up with progress, and comes down again', async (t) => {
  const { client, signUp, row, pictures, uploads } = await serviceFor(t)
  const { id } = await signUp()
  const api = client()
  const file = await photo()
  const told: Progress[] = []
  const user = await api.setAvatar(file, { onProgress: (progress) => told.push(progress) })
  t.match(user.avatar, /^\/media\/avatars\//)
  t.equal(row(id)?.avatar, pictures()[0])
  t.ok(told.length > 2, `${told.length} times`)
  const [sent, totals] = [told.map(({ sentBytes }) => sentBytes), told.map(({ totalBytes }) => totalBytes)]
  t.strictSame(
    sent,
    [...sent].sort((one, other) => one - other)
  )
  t.equal(new Set(totals).size, 1)
  t.equal(sent.at(-1), totals[0])
  t.ok((totals[0] ?? 0) > file.size)
  t.strictSame(uploads(), [])
  t.equal((await api.removeAvatar()).avatar, null)
  t.strictSame(pictures(), [])
})

t.test('without progress, from a file on disk, and with a token that has expired', async (t) => {
  const { client, signUp, tokens, pictures, count, folder } = await serviceFor(t)
  await signUp()
  writeFileSync(`${folder}/a.jpg`, await jpeg())
  const api = client()
  for (const onProgress of [undefined, () => {}]) {
    await tokens.set({ ...(await tokens.get()), access: STALE })
    const { avatar } = await api.setAvatar(await openAsBlob(`${folder}/a.jpg`), { onProgress })
    t.equal(`/media/avatars/${pictures()[0]}`, avatar)
  }
  t.equal(count(REFRESH), 2)
  t.equal(pictures().length, 1)
})

t.test('an upload that is aborted leaves nothing', async (t) => {
  const { client, signUp, row, pictures, uploads } = await serviceFor(t)
  const { id } = await signUp()
  const before = row(id)
  const api = client()
  const reason = new Error('the user went on')
  for (const withProgress of [true, false]) {
    const abort = new AbortController()
    const upload = api.setAvatar(await photo(), {
      signal: abort.signal,
      ...(withProgress && { onProgress: () => abort.abort(reason) })
    })
    if (!withProgress) abort.abort(reason)
    t.equal(await upload.catch((error: unknown) => error), reason)
    await eventually('the file on its way was removed', () => uploads().length === 0)
  }
  await t.rejects(api.setAvatar(await photo(), { signal: AbortSignal.abort(reason) }), {
    message: reason.message
  })
  t.strictSame(row(id), before)
  t.strictSame(pictures(), [])
})

t.test('what the service refuses is told by field', async (t) => {
  const { client, signUp, pictures } = await serviceFor(t, { env: { AVATAR_MAX_BYTES: '2000' } })
  await signUp()
  const api = client()
  const large = new Blob([new Uint8Array(5000)])
  for (const onProgress of [undefined, () => {}])
    t.match(await refusalOf(api.setAvatar(large, { onProgress })), {
      status: 413,
      fields: { avatar: ['Ensure the file is no larger than 2 KB.'] }
    })
  t.match(await refusalOf(api.setAvatar(new Blob(['no picture']))), {
    status: 400,
    fields: { avatar: [/^Upload a valid image/] }
  })
  t.strictSame(pictures(), [])
})
