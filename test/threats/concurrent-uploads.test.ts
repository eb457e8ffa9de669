import t from 'tap'
import { type Account, buildTestApp, type TestApp } from '../helper.ts'
import { quarters } from '../pictures.ts'

/**
 * Uploads of one user that race with each other, with a removal and with the account's end (reva issue 1626): one picture is
 * left, and the row points at it; or none.
 */
type Upload = Parameters<TestApp['update']>[1]

async function uploads(): Promise<Upload[]> {
  const image = await quarters(32)
  const files = await Promise.all([
    image.clone().jpeg().toBuffer(),
    image.clone().png().toBuffer(),
    image.clone().webp().toBuffer()
  ])
  return files.map((bytes) => ({ form: [['avatar', { bytes }]] }))
}

/** The files agree with the row, and what the row points at is served. */
async function agree(
  t: Parameters<typeof buildTestApp>[0],
  service: TestApp,
  { id, access }: Account,
  name: string
) {
  const { row, pictures, uploads: onTheirWay, call } = service
  const avatar = row(id)?.avatar
  t.strictSame(pictures(), avatar ? [avatar] : [], name)
  t.strictSame(onTheirWay(), [], name)
  if (!avatar) return
  const shown = (await call('GET', '/api/profile/', { token: access })).json().avatar
  t.equal(shown, `/media/avatars/${avatar}`)
  t.equal((await call('GET', shown)).statusCode, 200)
}

t.test('of 2, 10 and 50 at once one picture is left, and each was answered with one', async (t) => {
  const service = await buildTestApp(t)
  const forms = await uploads()
  for (const count of [2, 10, 50]) {
    const ada = await service.signUp()
    const sent = Array.from({ length: count }, (_, index) => forms[index % forms.length] ?? {})
    const answers = await Promise.all(sent.map((form) => service.update(ada, form)))
    t.ok(answers.every(({ statusCode }) => statusCode === 200))
    const shown = answers.map((answer) => answer.json().avatar)
    t.equal(new Set(shown).size, count, 'a key is given out once')
    t.ok(shown.includes(`/media/avatars/${service.row(ada.id)?.avatar}`))
    await agree(t, service, ada, `${count} at once`)
    await service.update(ada, { json: { avatar: null } })
    await agree(t, service, ada, 'removed')
  }
})

t.test('uploads that race with removals, other fields and refusals leave no file of theirs', async (t) => {
  const service = await buildTestApp(t)
  const forms = await uploads()
  const ada = await service.signUp()
  const others: Upload[] = [
    { json: { avatar: null } },
    { json: { first_name: 'Ada' } },
    { form: [['avatar', { bytes: Buffer.from('no picture') }]] },
    { form: [...(forms[0]?.form ?? []), ['email', 'no email']] },
    { form: [...(forms[1]?.form ?? []), ['avatar', '']] }
  ]
  for (let round = 0; round < 3; round++) {
    const sent = [...forms, ...others, ...forms, ...others]
    const answers = await Promise.all(sent.map((form) => service.update(ada, form)))
    t.strictSame([...new Set(answers.map(({ statusCode }) => statusCode))].sort(), [200, 400])
    await agree(t, service, ada, `round ${round}`)
  }
})

t.test('an account that ends meanwhile leaves no picture', async (t) => {
  const service = await buildTestApp(t)
  const { call, update, signUp, row, pictures, uploads: onTheirWay } = service
  const forms = await uploads()
  for (const before of [0, 1, 5, 11]) {
    const ada = await signUp()
    await update(ada, forms[0] ?? {})
    const sent: ReturnType<TestApp['call']>[] = []
    const end = () => call('DELETE', `/api/profile/${ada.id}/delete/`, { token: ada.access })
    for (let index = 0; index < 12; index++) {
      if (index === before) {
        // Some are drawn by then, and about to be written.
        if (index > 0) await Promise.race(sent)
        sent.push(end())
      }
      sent.push(update(ada, forms[index % forms.length] ?? {}))
    }
    const statuses = (await Promise.all(sent)).map(({ statusCode }) => statusCode)
    t.ok(statuses.includes(204))
    t.ok(
      statuses.every((status) => [200, 204, 401, 404].includes(status)),
      statuses.join()
    )
    t.equal(row(ada.id), undefined)
    t.strictSame([pictures(), onTheirWay()], [[], []], `ended after ${before}`)
  }
})

t.test('uploads of many users at once each end up with their own', async (t) => {
  const service = await buildTestApp(t)
  const { update, signUp, call, pictures } = service
  const users = await Promise.all(Array.from({ length: 8 }, () => signUp()))
  const colours = users.map((_, index) => `rgb(${index * 30}, 0, 0)`)
  const files = await Promise.all(
    colours.map(async (background) =>
      (await quarters(16)).flatten({ background }).tint(background).png().toBuffer()
    )
  )
  const alone = await Promise.all(
    files.map(
      async (bytes, index) =>
        (await update(users[index] ?? fail(), { form: [['avatar', { bytes }]] })).json().avatar
    )
  )
  t.equal(new Set(alone).size, users.length)
  const served = await Promise.all(
    alone.map(async (url) => (await call('GET', url)).rawPayload.toString('base64'))
  )
  t.equal(new Set(served).size, users.length, 'nobody has somebody else’s picture')
  t.equal(pictures().length, users.length)
})

function fail(): never {
  throw new Error('there is no such user')
}
