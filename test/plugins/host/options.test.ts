import Fastify from 'fastify'
import t from 'tap'
import auth from '../../../plugins/auth.ts'
import media from '../../../plugins/media.ts'
import uploads from '../../../plugins/uploads.ts'
import userProfile from '../../../plugins/user-profile.ts'
import { OptionError } from '../../../src/options/option-error.ts'
import { createAvatarPipeline } from '../../../src/pictures/avatar-pipeline.ts'
import { openSqliteStores } from '../../../src/stores/sqlite/open-sqlite.ts'
import { SECRET } from '../../helper.ts'
import { hostApp, ownFolder } from './host-app.ts'

/** How a boot with these options fails. */
async function failureOf(plugin: Parameters<ReturnType<typeof Fastify>['register']>[0], options: object) {
  const app = Fastify()
  try {
    await app.register(plugin as never, options as never)
    return undefined
  } catch (error) {
    return error as Error & { option?: string; code?: string }
  } finally {
    await app.close()
  }
}

/** A store of before there were updates that ask for a state: it would write them whatever the state is. */
const WITHOUT_CONDITIONS = Object.fromEntries(
  [
    ...['findById', 'findTaken', 'update', 'delete', 'findReferencedMedia', 'create', 'findForSignIn'],
    ...['findWithPassword', 'recordSignIn', 'setPassword', 'revokeTokens']
  ].map((name) => [name, async () => {}])
)

const WRONG: [option: string, value: unknown, expected: RegExp][] = [
  ['jwtSecret', 'short', /at least 32 characters/],
  ['jwtSecret', 12345678901234567890123456789012n, /at least 32 characters/],
  ['databasePath', '', /a text that is not empty, not ''/],
  ['mediaRoot', 7, /not 7/],
  ['media', {}, /an object with the methods put, putVariant, read, has, delete, list/],
  ['stores', null, /an object/],
  ['stores.users', undefined, /an object with the methods findById/],
  ['stores.users', WITHOUT_CONDITIONS, /an object with the methods .*updateIf/],
  ['apiPrefix', 'api', /a path such as \/api/],
  ['apiPrefix', '/api/', /a path such as \/api/],
  ['apiPrefix', '/../api', /a path such as \/api/],
  ['mediaUrl', '/media', /slashes at both ends/],
  ['mediaUrl', 'https://cdn.example.com/', /slashes at both ends/],
  ['mediaUrl', '/api/', /another path than apiPrefix has/],
  ['rateLimit', 'off', /true or false, not 'off'/],
  ['rateLimits', { signin: { address: 1 } }, /of the kinds signUp, signIn/],
  ['rateLimits', { signIn: { user: 1 } }, /requests a minute/],
  ['rateLimits', { update: { address: 0 } }, /requests a minute/],
  ['redis', 'redis://127.0.0.1', /an object with the methods evalsha, eval/],
  ['admin', 'on', /true or false, not 'on'/],
  ['signUpOpen', 1, /true or false, not 1/],
  ['accessTtlSeconds', 0, /a whole number from 1 to/],
  ['refreshTtlSeconds', 1.5, /a whole number/],
  ['reuseGraceMs', -1, /from 0 to 3600000, not -1/],
  ['uploadTimeoutMs', '120000', /from 1000 to 3600000, not '120000'/],
  ['avatarMaxBytes', Number.POSITIVE_INFINITY, /not Infinity/],
  ['avatarMaxPixels', 10, /from 1024/],
  ['avatarMaxSide', 4096, /to 2048, not 4096/],
  ['avatarMaxFrames', Number.NaN, /not NaN/],
  ['avatarAnimationMaxPixels', -1, /from 0/],
  ['avatarDecodeTimeoutMs', 10, /from 1000/],
  ['avatarDecoders', 0, /from 1 to 256/],
  ['avatarQueue', 1e9, /to 100000/],
  ['sweepGraceMs', 0, /from 60000/],
  ['onSignUp', 'x', /a function, not 'x'/],
  ['onDelete', {}, /a function/],
  ['avatarMaxByte', 1, /there is no such option/],
  ['__proto__x', 1, /there is no such option/],
  ['toString', 1, /there is no such option/]
]

t.test('an option that can’t be used fails the boot and is named; the database is not made', async (t) => {
  for (const [option, value, expected] of WRONG) {
    const folder = t.testdir()
    const name = option.split('.')[0] ?? ''
    const given = option === 'stores.users' ? { users: value, sessions: {} } : value
    const error = await failureOf(userProfile, { ...ownFolder(folder), [name]: given })
    t.match(error?.message, expected, `${option}: ${String(value)}`)
    t.equal(error?.option, option)
    t.equal(error?.code, 'FST_USER_PROFILE_OPTION')
    t.ok(error?.message.includes(`option "${option}"`))
  }
})

t.test('a secret that can’t be used is not shown', async (t) => {
  const error = await failureOf(userProfile, { ...ownFolder(t.testdir()), jwtSecret: 'hunter2' })
  t.notMatch(error?.message, /hunter2/)
})

t.test('what was given instead of a connection is not shown', async (t) => {
  for (const redis of ['redis://:hunter2@127.0.0.1', { host: '127.0.0.1', password: 'hunter2' }]) {
    const error = await failureOf(userProfile, { ...ownFolder(t.testdir()), redis })
    t.match(error?.message, /option "redis"/)
    t.notMatch(error?.message, /hunter2/)
  }
})

t.test('there is exactly one way to know who asks', async (t) => {
  const { jwtSecret, ...rest } = ownFolder(t.testdir())
  t.match((await failureOf(userProfile, rest))?.message, /exactly one of jwtSecret, .*authenticate/)
  const both = { ...rest, jwtSecret, authenticate: () => 1 }
  t.match((await failureOf(userProfile, both))?.message, /exactly one of/)
})

t.test(
  'administrators need accounts that sign in here, and stores of what they look at and do',
  async (t) => {
    const { jwtSecret, ...rest } = ownFolder(t.testdir())
    const elsewhere = await failureOf(userProfile, { ...rest, authenticate: () => 1, admin: true })
    t.equal(elsewhere?.option, 'admin')
    t.match(elsewhere?.message, /jwtSecret has to be given/)
    const { users, sessions, admin, audit, close } = openSqliteStores({ path: ':memory:' })
    t.teardown(close)
    const { setStaff, ...withoutFlags } = users
    for (const [stores, option] of [
      [{ users, sessions }, 'stores.admin'],
      [{ users, sessions, admin }, 'stores.audit'],
      [{ users, sessions, admin: { ...admin, figures: undefined }, audit }, 'stores.admin'],
      [{ users: withoutFlags, sessions, admin, audit }, 'stores.users']
    ] as const) {
      const error = await failureOf(userProfile, { ...rest, jwtSecret, stores, admin: true })
      t.equal(error?.option, option)
      t.equal(error?.code, 'FST_USER_PROFILE_OPTION')
    }
    for (const [admin, stores] of [
      [false, { users: withoutFlags, sessions }],
      [undefined, { users, sessions }]
    ])
      t.equal(await failureOf(userProfile, { ...rest, jwtSecret, admin, stores }), undefined)
  }
)

t.test(
  'Fastify’s own options of a registration, and those that are undefined, are no mistakes',
  async (t) => {
    const own = { prefix: '/x', logLevel: 'warn' as const, logSerializers: {} }
    const app = hostApp(t)
    await app.register(userProfile, { ...ownFolder(t.testdir()), ...own, avatarMaxBytes: undefined } as never)
    await app.ready()
    t.ok(app.hasRoute({ method: 'GET', url: '/x/profile/' }))
  }
)

t.test('a path of pictures that the app serves already is named', async (t) => {
  const app = hostApp(t)
  app.get('/media/*', async () => 'of the host')
  await t.rejects(async () => app.register(userProfile, ownFolder(t.testdir())), {
    option: 'mediaUrl',
    message: /has a route \/media\/\* already/
  })
})

t.test('what the system refuses is named too', async (t) => {
  const folder = t.testdir({ file: 'x' })
  const inFile = `${folder}/file/in`
  t.match(await failureOf(userProfile, { ...ownFolder(folder), mediaRoot: inFile }), {
    option: 'mediaRoot',
    message: /ENOTDIR/
  })
  t.match(await failureOf(userProfile, { ...ownFolder(folder), databasePath: inFile }), {
    option: 'databasePath',
    message: /file/
  })
})

t.test('two sets of users can’t keep their pictures in one place', async (t) => {
  const folder = t.testdir({ one: {}, two: {} })
  const own = (name: string) => ({ ...ownFolder(`${folder}/${name}`), prefix: `/${name}` })
  const app = hostApp(t)
  await app.register(userProfile, own('one'))
  await app.register(userProfile, { ...own('one'), prefix: '/again' })
  await t.rejects(
    async () => app.register(userProfile, { ...own('two'), mediaRoot: `${folder}/one/media` }),
    {
      message: /option "mediaRoot": another registration keeps the pictures of other users there/
    }
  )
  await hostApp(t).register(userProfile, { ...own('two'), mediaRoot: `${folder}/one/media` })
})

t.test('the parts name their options too', async (t) => {
  const parts: [Parameters<typeof failureOf>[0], object, option: string][] = [
    [auth as never, { jwtSecret: 'short', stores: {} }, 'jwtSecret'],
    [auth as never, { jwtSecret: SECRET, stores: {}, accessTtl: 5 }, 'accessTtl'],
    [auth as never, { jwtSecret: SECRET, stores: {} }, 'stores.users'],
    [auth as never, { jwtSecret: SECRET }, 'stores'],
    [uploads as never, {}, 'folder'],
    [uploads as never, { folder: t.testdir(), timeoutMs: 1 }, 'timeoutMs'],
    [media as never, {}, 'media'],
    [media as never, { media: {}, mediaUrl: '/m/' }, 'media']
  ]
  for (const [plugin, options, option] of parts)
    t.equal((await failureOf(plugin, options))?.option, option, JSON.stringify(options))
  t.throws(
    () => createAvatarPipeline({ maxSide: 1 }),
    new OptionError('maxSide', 'expected a whole number from 16 to 2048, not 1')
  )
})
