import { Type } from '@sinclair/typebox'
import type { RouteOptions } from 'fastify'
import t from 'tap'
import type { ApiDescription } from '../../../plugins/openapi/api-description.ts'
import { describeApi } from '../../../plugins/openapi/describe-api.ts'
import userProfile from '../../../plugins/user-profile.ts'
import { readSettings } from '../../../src/config.ts'
import { DEFAULTS } from '../../../src/defaults.ts'
import { noProfileFields, readProfileFields } from '../../../src/validation/profile-fields.ts'
import { SECRET } from '../../helper.ts'
import { hostApp } from '../host/host-app.ts'
import { committed, type Document, operationsOf, validatorFor } from './document.ts'

const describe = async (over: Partial<ApiDescription> = {}) =>
  (await describeApi({
    ...DEFAULTS,
    hasAccounts: true,
    admin: true,
    fields: noProfileFields,
    ...over
  })) as Document

t.test('openapi.json is what the settings’ defaults describe: npm run openapi', async (t) => {
  const settings = readSettings({}, t.testdir())
  const document = await describeApi({ ...settings, hasAccounts: true, fields: noProfileFields })
  t.strictSame(JSON.parse(JSON.stringify(document)), committed())
})

t.test('every route is in the document, and all that is there is a route', async (t) => {
  for (const ways of [{ jwtSecret: SECRET, admin: true }, { jwtSecret: SECRET }, { authenticate: () => 1 }]) {
    const registered = new Set<string>()
    const app = hostApp(t, { exposeHeadRoutes: false })
    app.addHook('onRoute', ({ method, url, schema }: RouteOptions & { schema?: { hide?: boolean } }) => {
      const isRefusal = Array.isArray(method)
      if (!schema?.hide && !isRefusal) registered.add(`${method} ${url}`)
    })
    await app.register(userProfile, {
      databasePath: ':memory:',
      mediaRoot: t.testdir(),
      libravatar: true,
      ...ways
    })
    await app.ready()
    const document = await describe({
      libravatar: true,
      hasAccounts: 'jwtSecret' in ways,
      admin: 'admin' in ways
    })
    const described = operationsOf(document).map(({ where }) => where.replaceAll(/\{(\w+)\}/g, ':$1'))
    const routes = [...registered].map((route) =>
      route.replace('/media/*', '/media/:path').replace(/:name\(.*\)/, ':name')
    )
    t.strictSame(described.sort(), routes.sort())
  }
})

t.test('every operation says what a client’s developer needs', async (t) => {
  const document = await describe({ libravatar: true })
  const operations = operationsOf(document)
  const ids = operations.map(({ operation }) => operation.operationId)
  t.equal(new Set(ids).size, ids.length, 'the names are unique')
  for (const { where, operation } of operations) {
    t.match(operation.operationId, /^[a-z][a-zA-Z]+$/, where)
    t.ok(operation.summary && operation.tags.length === 1, where)
    const asksForToken =
      '401' in operation.responses && !/token|Session$|signUp|signIn/i.test(operation.operationId)
    t.strictSame(operation.security, asksForToken ? [{ bearerAuth: [] }] : [], where)
    for (const { name, description } of operation.parameters ?? []) t.ok(description, `${where}: ${name}`)
    for (const name of where.matchAll(/\{(\w+)\}/g))
      t.ok(
        operation.parameters?.some((one) => one.in === 'path' && one.name === name[1]),
        where
      )
    if (operation.requestBody)
      t.strictSame(Object.keys(operation.requestBody.content), [
        'application/json',
        'multipart/form-data',
        'application/x-www-form-urlencoded'
      ])
    for (const [status, { description, content }] of Object.entries(operation.responses)) {
      t.notMatch(description, /Default/, `${where} ${status}`)
      const json = content?.['application/json']
      if (json && !/getP/.test(operation.operationId)) t.ok(json.examples, `${where} ${status}: an example`)
    }
  }
})

t.test('an update may come without a body, which the others may not', async (t) => {
  const bodies = operationsOf(await describe()).flatMap(({ operation }) =>
    operation.requestBody ? [[operation.operationId, operation.requestBody.required] as const] : []
  )
  for (const [operationId, required] of bodies)
    t.equal(required, !/Profile$|^updateUser$/.test(operationId), operationId)
  t.equal(bodies.length, 11)
})

t.test('no word in it is a validator’s own', async (t) => {
  const text = JSON.stringify(await describe({ libravatar: true }))
  for (const word of ['noNul', 'wellFormed', 'uploadedFile', 'normalise', 'documentedAs', 'nullable', 'hide'])
    t.notOk(text.includes(`"${word}"`), word)
  t.notMatch(text, /Default Response|def-\d/)
})

t.test('every example is what its schema takes, with a host’s fields too', async (t) => {
  const bio = Type.Optional(Type.String({ minLength: 1 }))
  const locale = Type.Union([Type.Literal('en'), Type.Literal('de')])
  for (const { over, shown, least } of [
    { over: {}, shown: true, least: 150 },
    { over: { fields: readProfileFields(Type.Object({ bio })) }, shown: true, least: 150 },
    { over: { fields: readProfileFields(Type.Object({ bio, locale })) }, shown: false, least: 150 },
    {
      over: { fields: readProfileFields(Type.Object({ locale: { ...locale, examples: ['de'] } })) },
      shown: true,
      least: 150
    },
    { over: { hasAccounts: false, admin: false }, shown: false, least: 80 }
  ]) {
    const document = await describe({ libravatar: true, ...over })
    const compile = validatorFor(document)
    let examples = 0
    for (const { where, operation } of operationsOf(document)) {
      const bodies = [operation.requestBody, ...Object.values(operation.responses)]
      const media = bodies.flatMap((body) => Object.values(body?.content ?? {}))
      for (const { schema, examples: named = {} } of media)
        for (const [name, { value }] of Object.entries(named)) {
          const validate = compile(schema)
          t.ok(validate(value), `${where}: ${name} ${JSON.stringify(validate.errors)}`)
          examples++
        }
    }
    t.ok(examples > least, `${examples}`)
    const signUp = document.paths['/api/sign-up/']?.post?.requestBody?.content['application/json']
    t.equal(signUp?.examples !== undefined, shown)
  }
})

t.test('schemas have names, and each that is there is used', async (t) => {
  const bio = Type.Optional(Type.String())
  for (const { over, names } of [
    { over: {}, names: ['User', 'SignedIn', 'TokenPair', 'RefreshedToken', 'Empty'] },
    { over: { fields: readProfileFields(Type.Object({ bio })) }, names: ['User', 'SignedIn', 'TokenPair'] },
    { over: { hasAccounts: false, admin: false }, names: ['User'] }
  ]) {
    const document = await describe(over)
    const found = Object.keys(document.components.schemas)
    for (const name of names) t.ok(found.includes(name), name)
    const text = JSON.stringify(document)
    for (const name of found) t.ok(text.includes(`"#/components/schemas/${name}"`), name)
    t.match(document.paths['/api/profile/']?.get?.responses[200], {
      content: { 'application/json': { schema: { $ref: '#/components/schemas/User' } } }
    })
  }
})

t.test('it follows the settings', async (t) => {
  const paths = async (over: Partial<ApiDescription>) => Object.keys((await describe(over)).paths)
  t.ok((await paths({ apiPrefix: '' })).includes('/profile/{id}/update/'))
  t.ok((await paths({ mediaUrl: '/pictures/' })).includes('/pictures/{path}'))
  t.notOk((await paths({ avatarById: false })).some((path) => path.includes('avatars/{id}')))
  t.ok((await paths({ libravatar: true })).includes('/avatar/{hash}'))
  t.strictSame(
    (await paths({ hasAccounts: false, admin: false })).filter((path) =>
      /sign|token|password|admin/.test(path)
    ),
    []
  )
  t.notOk((await paths({ admin: false })).some((path) => path.includes('admin')))
  t.notMatch(JSON.stringify(await describe({ admin: false })), /Administration|AuditPage/)
  t.ok((await paths({ admin: true })).includes('/api/admin/users/{id}/'))
  for (const hasAccounts of [true, false]) {
    const { responses = {} } = (await describe({ hasAccounts })).paths['/api/profile/']?.get ?? {}
    t.equal('403' in responses, !hasAccounts, 'only who signed in elsewhere may have no account')
  }
  const text = JSON.stringify(await describe({ avatarMaxBytes: 5000, rateLimit: false }))
  t.match(text, /at most 5000 bytes/)
  t.match(text, /no larger than 4\.9 KB/)
  t.notMatch(text, /requests a minute/)
})

t.test('a host’s fields are shown as the host wrote them, and may be null in answers', async (t) => {
  const fields = readProfileFields(
    Type.Object({
      bio: Type.Optional(Type.String({ maxLength: 500, description: 'A few words.' })),
      locale: Type.Union([Type.Literal('en'), Type.Literal('de')])
    })
  )
  const document = await describe({ fields })
  const user = document.components.schemas.User as { properties: Record<string, object>; required: string[] }
  t.match(user.properties.bio, {
    anyOf: [{ type: 'string', maxLength: 500, description: 'A few words.' }, { type: 'null' }]
  })
  t.ok(user.required.includes('bio'))
  const signUp = operationsOf(document).find(({ operation }) => operation.operationId === 'signUp')
  const schema = signUp?.operation.requestBody?.content['application/json']?.schema
  t.match(schema, { properties: { bio: { type: 'string' }, locale: { enum: ['en', 'de'] } } })
  const required = [schema?.required].flat()
  t.ok(required.includes('locale'))
  t.notOk(required.includes('bio'))
})
