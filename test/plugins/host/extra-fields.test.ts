import { Type } from '@sinclair/typebox'
import t, { type Test } from 'tap'
import { defineOptions } from '../../../plugins/user-profile/options.ts'
import userProfile from '../../../plugins/user-profile.ts'
import { encodeForm, FIELDS, PASSWORD, unique, withDatabase } from '../../helper.ts'
import { jpeg } from '../../pictures.ts'
import { clientOf, hostApp, ownFolder, picturesOf, rowsOf } from './host-app.ts'

const profileFields = Type.Object({
  bio: Type.Optional(Type.String({ maxLength: 500 })),
  locale: Type.Union([Type.Literal('en'), Type.Literal('de')], { default: 'en' }),
  age: Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.Null()])),
  newsletter: Type.Optional(Type.Boolean({ default: false })),
  links: Type.Optional(Type.Array(Type.String({ format: 'uri' }), { maxItems: 3 }))
})

async function hostWithFields(t: Test) {
  const folder = t.testdir()
  const app = hostApp(t)
  const told: [string, number | null][] = []
  await app.register(
    userProfile,
    defineOptions({
      ...ownFolder(folder),
      profileFields,
      onProfileUpdate(before, after) {
        const bio: string | null = after.bio
        // @ts-expect-error no such field
        before.nothing
        told.push([`${before.bio} → ${bio}`, after.age])
      }
    })
  )
  const client = clientOf(app, '/api')
  const signUp = (fields: object) => {
    const username = unique('user')
    const payload = { username, email: `${username}@example.com`, password: PASSWORD, ...fields }
    return app.inject({ method: 'POST', url: '/api/sign-up/', payload })
  }
  const extras = () => rowsOf(folder).map(({ extra }) => extra && JSON.parse(String(extra)))
  return { app, folder, told, ...client, signUp, extras }
}

t.test('a host’s fields come with sign-up, and are shown wherever a user is, after our own', async (t) => {
  const { app, signUp, profile, extras } = await hostWithFields(t)
  const created = await signUp({ locale: 'de', bio: ' hello ', links: ['https://example.com/'] })
  t.equal(created.statusCode, 201, created.body)
  const { user, access } = created.json()
  const added = {
    bio: 'hello',
    locale: 'de',
    age: null,
    newsletter: false,
    links: ['https://example.com/']
  }
  t.strictSame(Object.keys(user), [...FIELDS, ...Object.keys(added)])
  t.match(user, added)
  t.strictSame((await profile(access)).json(), user)
  const payload = { email: user.email, password: PASSWORD }
  const signedIn = await app.inject({ method: 'POST', url: '/api/sign-in/', payload })
  t.match(signedIn.json().user, added)
  t.strictSame(extras(), [{ bio: 'hello', locale: 'de', links: ['https://example.com/'] }])
})

t.test('what is wrong with them is told beside the rest, and nothing is written', async (t) => {
  const { signUp, update, extras } = await hostWithFields(t)
  const refused = await signUp({ email: 'nobody', age: -1, links: ['nowhere'] })
  t.equal(refused.statusCode, 400)
  t.strictSame(refused.json(), {
    email: ['This field must be a valid email address.'],
    locale: ['This field is required.'],
    age: ['Ensure this value is greater than or equal to 0.'],
    links: ['Enter a valid URL.']
  })
  const { user, access } = (await signUp({ locale: 'en' })).json()
  const half = await update(user.id, access, { first_name: 'Ada', newsletter: 'maybe' })
  t.strictSame(half.json(), { newsletter: ['Must be a valid boolean.'] })
  t.strictSame(extras(), [{ locale: 'en' }])
})

t.test('an update keeps the fields that it does not name, and takes null where that may be', async (t) => {
  const { signUp, update, extras, told } = await hostWithFields(t)
  const { user, access } = (await signUp({ locale: 'en', bio: 'one', age: 7 })).json()
  const changed = await update(user.id, access, { bio: 'two' })
  t.match(changed.json(), { bio: 'two', age: 7, locale: 'en' })
  t.equal((await update(user.id, access, { age: null, admin: true, extra: { age: 9 } })).statusCode, 200)
  t.strictSame(extras(), [{ locale: 'en', bio: 'two', age: null }], 'what is not listed is not written')
  t.strictSame(told, [
    ['one → two', 7],
    ['two → two', null]
  ])
})

t.test('they are a part of the state that a tag names', async (t) => {
  const { app, signUp, profile, extras } = await hostWithFields(t)
  const { user, access } = (await signUp({ locale: 'en', links: ['https://example.com/a'] })).json()
  const update = (payload: object, ifMatch: unknown) =>
    app.inject({
      method: 'PATCH',
      url: `/api/profile/${user.id}/update/`,
      headers: { authorization: `Bearer ${access}`, 'if-match': String(ifMatch) },
      payload
    })
  const first = (await profile(access)).headers.etag
  const changed = await update({ bio: 'one', age: 7 }, first)
  t.equal(changed.statusCode, 200)
  t.equal((await profile(access)).headers.etag, changed.headers.etag, 'as it was written is as it is read')
  t.equal((await update({ bio: 'two' }, first)).statusCode, 412)
  t.equal((await update({ age: -1 }, first)).statusCode, 400)
  t.strictSame(extras(), [{ locale: 'en', links: ['https://example.com/a'], bio: 'one', age: 7 }])
  const again = await update({ bio: 'two' }, changed.headers.etag)
  t.equal(again.statusCode, 200)
  t.equal(new Set([first, changed.headers.etag, again.headers.etag]).size, 3)
})

t.test('of updates that race, each keeps the other’s field', async (t) => {
  const { signUp, update, extras } = await hostWithFields(t)
  const { user, access } = (await signUp({ locale: 'en' })).json()
  const writes = [{ bio: 'both' }, { age: 36 }, { newsletter: true }, { locale: 'de' }]
  await Promise.all(writes.map((fields) => update(user.id, access, fields)))
  t.strictSame(extras(), [Object.assign({}, ...writes)])
})

t.test('a form brings them as texts, with a picture', async (t) => {
  const { app, folder, signUp, extras } = await hostWithFields(t)
  const { user, access } = (await signUp({ locale: 'en' })).json()
  const { body, type } = await encodeForm([
    ['age', '36'],
    ['newsletter', 'on'],
    ['links', '["https://example.com/a"]'],
    ['avatar', { bytes: await jpeg() }]
  ])
  const headers = { authorization: `Bearer ${access}`, 'content-type': type }
  const url = `/api/profile/${user.id}/update/`
  const updated = await app.inject({ method: 'PUT', url, headers, payload: body })
  t.match(updated.json(), { age: 36, newsletter: true, links: ['https://example.com/a'] })
  t.strictSame(extras(), [{ locale: 'en', age: 36, newsletter: true, links: ['https://example.com/a'] }])
  t.equal(picturesOf(folder).length, 1)
  const urlencoded = await app.inject({
    method: 'PATCH',
    url,
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'age=&locale=de'
  })
  t.match(urlencoded.json(), { age: null, locale: 'de', newsletter: true })
})

t.test(
  'what was stored for an older schema, or damaged by hand, is shown as it is or as nothing',
  async (t) => {
    const { folder, signUp, profile, update, extras } = await hostWithFields(t)
    const { user, access } = (await signUp({ locale: 'en' })).json()
    const write = (extra: string | null) =>
      withDatabase(`${folder}/profile.db`, (database) =>
        database.prepare('update users set extra = ?').run(extra)
      )
    write('{"locale":"fr","age":"old","gone":1}')
    t.match((await profile(access)).json(), { locale: 'fr', age: 'old', bio: null })
    t.notOk('gone' in (await profile(access)).json())
    for (const damaged of ['{"locale":', '[1]', 'null', '"x"', '', null]) {
      write(damaged)
      t.match((await profile(access)).json(), { locale: 'en', bio: null, newsletter: false }, String(damaged))
    }
    write('{"locale":')
    t.equal((await update(user.id, access, { bio: 'mended' })).json().bio, 'mended')
    t.strictSame(extras(), [{ bio: 'mended' }])
  }
)
