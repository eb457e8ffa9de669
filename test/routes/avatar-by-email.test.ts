import { createHash } from 'node:crypto'
import t from 'tap'
import { buildTestApp, eventually, type FilePart } from '../helper.ts'
import { jpeg } from '../pictures.ts'

const env = { LIBRAVATAR: 'on' }
const avatar = (bytes: Buffer): [string, FilePart] => ['avatar', { bytes }]
const hashOf = (email: string) => createHash('sha256').update(email).digest('hex')
const NOBODY = '/media/placeholders/-6.svg'

t.test('an avatar is found by the hash of its owner’s email in lower case', async (t) => {
  const { signUp, update, call } = await buildTestApp(t, { env })
  const ada = await signUp({ email: 'Ada@Example.com' })
  const { avatar: url } = (await update(ada, { form: [avatar(await jpeg())] })).json()
  const stem = url.replace('.jpg', '')
  const hash = hashOf('ada@example.com')
  const expected: [query: string, path: string][] = [
    ['', `${stem}@128.webp`],
    ['?s=64', `${stem}@64.webp`],
    ['?size=64', `${stem}@64.webp`],
    ['?s=512', url],
    ['?s=64&d=404', `${stem}@64.webp`],
    ['?s=64&d=https%3A%2F%2Fevil.example%2F', `${stem}@64.webp`]
  ]
  for (const [query, path] of expected) {
    for (const one of [hash, hash.toUpperCase()]) {
      const response = await call('GET', `/avatar/${one}${query}`)
      t.equal(response.statusCode, 302, query)
      t.equal(response.headers.location, path, query)
    }
  }
  t.strictSame((await call('GET', `/avatar/${hash}?s=0`)).json(), {
    s: ['Ensure this value is greater than or equal to 1.']
  })
})

t.test('a changed email leaves no trace of the old one, and a deleted user none at all', async (t) => {
  const { signUp, update, call, row } = await buildTestApp(t, { env })
  const ada = await signUp({ email: 'old@example.com', first_name: 'Ada' })
  const find = async (email: string) => (await call('GET', `/avatar/${hashOf(email)}`)).headers.location
  const initials = `/media/placeholders/A-${(ada.id * 5) % 12}.svg`
  t.equal(await find('old@example.com'), initials)
  await update(ada, { json: { email: 'new@example.com' } })
  t.equal(row(ada.id)?.email_hash, hashOf('new@example.com'))
  t.strictSame([await find('old@example.com'), await find('new@example.com')], [NOBODY, initials])
  await update(ada, { json: { first_name: 'Ada B.' } })
  t.equal(await find('new@example.com'), initials)
  await call('DELETE', `/api/profile/${ada.id}/delete/`, { token: ada.access })
  t.equal(await find('new@example.com'), NOBODY)
})

t.test(
  'without a picture there is a placeholder, or 404 where that is asked for; never another site',
  async (t) => {
    const { signUp, call, sql } = await buildTestApp(t, { env })
    const ada = await signUp({ email: 'ada@example.com', first_name: 'Ada' })
    const gone = await signUp({ email: 'gone@example.com' })
    sql('update users set is_active = 0 where id = ?', gone.id)
    const initials = `/media/placeholders/A-${(ada.id * 5) % 12}.svg`
    const hashes: [string, string][] = [
      [hashOf('ada@example.com'), initials],
      [hashOf('gone@example.com'), NOBODY],
      [hashOf('nobody@example.com'), NOBODY],
      ['0'.repeat(32), NOBODY],
      ['x', NOBODY]
    ]
    for (const [hash, placeholder] of hashes) {
      for (const query of [
        '',
        '?d=mm',
        '?default=identicon',
        '?d=https%3A%2F%2Fevil.example%2F',
        '?d=%2F%2Fevil.example'
      ]) {
        const response = await call('GET', `/avatar/${hash}${query}`)
        t.equal(response.statusCode, 302, query)
        t.equal(response.headers.location, placeholder, query)
      }
      for (const query of ['?d=404', '?default=404']) {
        const response = await call('GET', `/avatar/${hash}${query}`)
        t.equal(response.statusCode, 404, query)
        t.strictSame(response.json(), { detail: 'Not found.' })
      }
    }
    t.match((await call('GET', NOBODY)).headers, { 'content-type': 'image/svg+xml' })
  }
)

t.test('it is off unless it is set, and no hash is stored', async (t) => {
  const { signUp, call, row } = await buildTestApp(t)
  const ada = await signUp({ email: 'ada@example.com' })
  t.equal(row(ada.id)?.email_hash, null)
  t.equal((await call('GET', `/avatar/${hashOf('ada@example.com')}`)).statusCode, 404)
})

t.test(
  'users from before it was on are found after a start; their emails’ changes while it was off count',
  async (t) => {
    const folder = t.testdir({})
    const on = await buildTestApp(t, { folder, env })
    const ada = await on.signUp({ email: 'ada@example.com', first_name: 'Ada' })
    await on.app.close()
    const off = await buildTestApp(t, { folder })
    const bob = await off.signUp({ email: 'bob@example.com' })
    await off.update(ada, { json: { email: 'ada@elsewhere.example' } })
    t.equal(off.row(ada.id)?.email_hash, null, 'no old hash stays')
    await off.app.close()

    const again = await buildTestApp(t, { folder, env })
    await again.app.ready()
    await eventually(
      'both have hashes',
      () => again.row(ada.id)?.email_hash !== null && again.row(bob.id)?.email_hash !== null
    )
    t.equal(again.row(ada.id)?.email_hash, hashOf('ada@elsewhere.example'))
    t.equal(again.row(bob.id)?.email_hash, hashOf('bob@example.com'))
    t.match(
      (await again.call('GET', `/avatar/${hashOf('ada@elsewhere.example')}`)).headers.location,
      /placeholders\/A-/
    )
  }
)
