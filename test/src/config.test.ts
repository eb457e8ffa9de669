import { existsSync, readFileSync, statSync } from 'node:fs'
import t from 'tap'
import { readConfig, readConfigBesideService, readSettings } from '../../src/config.ts'
import { ConfigError } from '../../src/config-error.ts'
import { SECRET } from '../helper.ts'

t.test('without settings everything has its default, in the working folder', async (t) => {
  const folder = t.testdir()
  const { jwtSecret, ...config } = readConfig({}, folder)
  t.strictSame(config, {
    host: '127.0.0.1',
    port: 8000,
    apiPrefix: '/api',
    database: { kind: 'sqlite', path: `${folder}/data/profile.db` },
    mediaRoot: `${folder}/media`,
    mediaStore: { kind: 'disk', folder: `${folder}/media/avatars` },
    redisUrl: undefined,
    mediaUrl: '/media/',
    accessTtlSeconds: 86_400,
    refreshTtlSeconds: 1_209_600,
    refreshRotation: true,
    reuseGraceMs: 10_000,
    signUpOpen: true,
    rateLimit: true,
    rateLimits: {},
    sweepGraceMs: 3_600_000,
    trustProxy: [],
    corsOrigins: [],
    bodyTimeoutMs: 30_000,
    uploadTimeoutMs: 120_000,
    maxConnections: 10_000,
    maxEventLoopDelayMs: 500,
    avatarMaxBytes: 10_485_760,
    avatarMaxPixels: 50_000_000,
    avatarMaxSide: 512,
    avatarMaxFrames: 1000,
    avatarAnimationMaxPixels: 25_000_000,
    avatarDecodeTimeoutMs: 10_000,
    avatarDecoders: 2,
    avatarQueue: 256,
    avatarById: true,
    libravatar: false,
    docs: true,
    pages: true,
    admin: true,
    logLevel: 'info',
    shutdownTimeoutMs: 10_000,
    drainDelayMs: 0,
    metrics: undefined,
    tracing: undefined,
    jwks: undefined,
    firstAdmin: undefined
  })
  t.ok(jwtSecret && jwtSecret.length >= 64)
})

t.test('a secret is made once, for its owner’s eyes only, beside the database', async (t) => {
  const folder = t.testdir({ other: {} })
  const first = readConfig({ DATABASE_URL: 'sqlite:./elsewhere/users.db' }, folder)
  const path = `${folder}/elsewhere/jwt-secret`
  t.equal(readFileSync(path, 'utf8'), first.jwtSecret)
  t.equal(statSync(path).mode & 0o777, 0o600)
  t.equal(readConfig({ DATABASE_URL: 'sqlite:./elsewhere/users.db' }, folder).jwtSecret, first.jwtSecret)
  t.not(readConfig({}, `${folder}/other`).jwtSecret, first.jwtSecret)
})

t.test('a secret that is set is used, and none is written', async (t) => {
  const folder = t.testdir()
  t.equal(readConfig({ JWT_SECRET: SECRET }, folder).jwtSecret, SECRET)
  t.notOk(existsSync(`${folder}/data`))
})

t.test('beside the service a secret is used, but never made', async (t) => {
  const folder = t.testdir({ other: {} })
  t.throws(
    () => readConfigBesideService({}, folder),
    new RegExp(`^JWT_SECRET: is unset, and there is no ${folder}/data/jwt-secret yet`)
  )
  t.notOk(existsSync(`${folder}/data`))
  const { jwtSecret } = readConfig({}, folder)
  t.equal(readConfigBesideService({}, folder).jwtSecret, jwtSecret)
  t.equal(readConfigBesideService({ JWT_SECRET: SECRET }, `${folder}/other`).jwtSecret, SECRET)
  t.throws(
    () => readConfigBesideService({ JWT_SECRET: 'short' }, folder),
    /^JWT_SECRET: expected at least 32/
  )
})

t.test('the first administrator is an email and a password’s file, or nobody', async (t) => {
  const folder = t.testdir()
  const both = { ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD_FILE: 'secret' }
  const admin = { username: 'admin', email: 'root@example.com', passwordFile: `${folder}/secret` }
  t.strictSame(readSettings(both, folder).firstAdmin, admin)
  const more = { ADMIN_USERNAME: 'root', ADMIN_PASSWORD_FILE: '/run/secrets/admin' }
  t.strictSame(readSettings({ ...both, ...more }, folder).firstAdmin, {
    ...admin,
    username: 'root',
    passwordFile: '/run/secrets/admin'
  })
  t.equal(readSettings({ ADMIN_EMAIL: '', ADMIN_PASSWORD_FILE: ' ' }, folder).firstAdmin, undefined)
})

t.test('a secret file that was cut short is named, and so is one that can’t be made', async (t) => {
  const folder = t.testdir({ data: { 'jwt-secret': '' }, file: 'x' })
  t.throws(() => readConfig({}, folder), new RegExp(`^JWT_SECRET: .* not 0 in ${folder}/data/jwt-secret`))
  const inFile = { DATABASE_URL: 'sqlite:file/profile.db' }
  t.throws(
    () => readConfig(inFile, folder),
    new RegExp(`^JWT_SECRET: is unset, .* ${folder}/file/jwt-secret`)
  )
})

t.test('.env is read too; the environment wins; an empty value is unset', async (t) => {
  const folder = t.testdir({
    '.env': `PORT=9001\nHOST="0.0.0.0" # all\nAVATAR_MAX_SIDE=256\nJWT_SECRET='${SECRET}'\nSIGN_UP=\n`
  })
  const config = readConfig({ PORT: '9002', AVATAR_MAX_SIDE: '' }, folder)
  t.match(config, { port: 9002, host: '0.0.0.0', avatarMaxSide: 256, jwtSecret: SECRET, signUpOpen: true })
})

t.test('a value that can’t be used fails by its setting’s name, and writes nothing', async (t) => {
  const folder = t.testdir()
  const wrong: [name: string, value: string][] = [
    ['PORT', 'eighty'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['PORT', '1e3'],
    ['API_PREFIX', 'api'],
    ['API_PREFIX', '/a?b'],
    ['API_PREFIX', '/..'],
    ['API_PREFIX', '/a/./b'],
    ['MEDIA_URL', 'https://cdn.example.com/'],
    ['MEDIA_URL', '/api/'],
    ['DATABASE_URL', 'mysql://db'],
    ['DATABASE_URL', 'mysql://me:hunter2@db/profile'],
    ['DATABASE_URL', 'profile.db'],
    ['JWT_SECRET', 'short'],
    ['ACCESS_TOKEN_LIFETIME', '0'],
    ['REFRESH_TOKEN_LIFETIME', 'a week'],
    ['REFRESH_ROTATION', 'yes'],
    ['REFRESH_REUSE_GRACE', '-1'],
    ['REFRESH_REUSE_GRACE', '3601'],
    ['SIGN_UP', 'maybe'],
    ['RATE_LIMIT', 'true'],
    ['RATE_LIMITS', 'signIn'],
    ['RATE_LIMITS', 'signIn=0'],
    ['RATE_LIMITS', 'signIn=10/5'],
    ['RATE_LIMITS', 'toString=10'],
    ['RATE_LIMITS', 'update=10/'],
    ['MEDIA_SWEEP_GRACE', '1'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '1'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '0.0.0.0/0'],
    ['TRUST_PROXY', '127.0.0.1, proxy.local'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://app.example.com/'],
    ['CORS_ORIGINS', 'app.example.com'],
    ['UPLOAD_TIMEOUT', '0'],
    ['UPLOAD_TIMEOUT', '3601'],
    ['AVATAR_MAX_BYTES', '10MB'],
    ['AVATAR_MAX_PIXELS', '0'],
    ['AVATAR_MAX_SIDE', '4096'],
    ['LOG_LEVEL', 'loud'],
    ['SHUTDOWN_TIMEOUT', '0'],
    ['DRAIN_DELAY', '-1'],
    ['DRAIN_DELAY', '3601'],
    ['METRICS_PORT', '65536'],
    ['METRICS_PORT', 'on'],
    ['ADMIN_PASSWORD', 'hunter2'],
    ['AUTO_PROVISION', 'yes'],
    ['REDIS_URL', 'http://:hunter2@localhost'],
    ['DATABASE_POOL_SIZE', '0'],
    ['DATABASE_POOL_SIZE', '1001'],
    ['DATABASE_CONNECT_TIMEOUT', '0'],
    ['DATABASE_STATEMENT_TIMEOUT', '3601'],
    ['MEDIA_STORE', 's3://B/prefix'],
    ['MEDIA_STORE', 'https://key:hunter2@bucket']
  ]
  for (const [name, value] of wrong) {
    try {
      readConfig({ [name]: value }, folder)
      t.fail(`${name}=${value} was taken`)
    } catch (error) {
      t.type(error, ConfigError)
      t.match(error, { message: new RegExp(`^${name}: `) }, value)
      t.notMatch(error, { message: /hunter2/ })
    }
  }
  t.throws(() => readConfig({ DATABASE_URL: 'sqlite::memory:' }, folder), /^JWT_SECRET: /)
  t.throws(() => readConfig({ DATABASE_URL: 'postgres://db/profiles' }, folder), /^JWT_SECRET: /)
  t.throws(
    () => readConfig({ ADMIN_EMAIL: 'root@example.com' }, folder),
    /^ADMIN_PASSWORD_FILE: has to be set where ADMIN_EMAIL is$/
  )
  for (const name of ['ADMIN_PASSWORD_FILE', 'ADMIN_USERNAME'])
    t.throws(
      () => readConfig({ [name]: 'x' }, folder),
      new RegExp(`^ADMIN_EMAIL: has to be set where ${name} is$`)
    )
  t.notOk(existsSync(`${folder}/data`))
})

t.test('addresses, ranges, origins and paths are taken in their usual forms', async (t) => {
  const folder = t.testdir()
  const config = readConfig(
    {
      JWT_SECRET: SECRET,
      TRUST_PROXY: '127.0.0.1, 10.0.0.0/8,::1, fd00::/8',
      CORS_ORIGINS: 'https://app.example.com,http://localhost:5173',
      API_PREFIX: '/api/v1/',
      MEDIA_URL: '/pictures',
      DATABASE_URL: 'sqlite:///srv/profile.db'
    },
    folder
  )
  t.match(config, {
    trustProxy: ['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'],
    corsOrigins: ['https://app.example.com', 'http://localhost:5173'],
    apiPrefix: '/api/v1',
    mediaUrl: '/pictures/',
    database: { kind: 'sqlite', path: '/srv/profile.db' }
  })
})

t.test('rows, pictures and limits may be kept on servers', async (t) => {
  const config = readConfig(
    {
      JWT_SECRET: SECRET,
      DATABASE_URL: 'postgresql://app:pass@db/profiles?sslmode=verify-full',
      DATABASE_POOL_SIZE: '3',
      DATABASE_CONNECT_TIMEOUT: '2',
      DATABASE_STATEMENT_TIMEOUT: '7',
      MEDIA_STORE: 's3://our.bucket/some/prefix/',
      REDIS_URL: 'rediss://cache:6380'
    },
    t.testdir()
  )
  t.match(config, {
    database: {
      kind: 'postgres',
      url: 'postgresql://app:pass@db/profiles?sslmode=verify-full',
      poolSize: 3,
      connectTimeoutMs: 2000,
      statementTimeoutMs: 7000
    },
    mediaStore: { kind: 's3', bucket: 'our.bucket', prefix: 'some/prefix/' },
    redisUrl: 'rediss://cache:6380'
  })
  const usual = readConfig({ JWT_SECRET: SECRET, DATABASE_URL: 'postgres://db/profiles' }, t.testdir())
  t.match(usual, { database: { poolSize: 10, connectTimeoutMs: 5000, statementTimeoutMs: 5000 } })
  const bare = readConfig({ JWT_SECRET: SECRET, MEDIA_STORE: 's3://bucket' }, t.testdir())
  t.match(bare, { mediaStore: { kind: 's3', bucket: 'bucket', prefix: '' } })
})

const PROVIDER = {
  JWKS_URL: 'https://id.example.com/keys',
  JWT_ISSUER: 'https://id.example.com/',
  JWT_AUDIENCE: 'profiles'
}

t.test('tokens of an identity provider take the place of ours, and no secret is made', async (t) => {
  const folder = t.testdir()
  const { jwtSecret, jwks } = readConfig(PROVIDER, folder)
  t.equal(jwtSecret, undefined)
  t.strictSame(jwks, {
    url: 'https://id.example.com/keys',
    issuer: 'https://id.example.com/',
    audience: 'profiles',
    autoProvision: false
  })
  t.match(readConfig({ ...PROVIDER, DATABASE_URL: 'sqlite::memory:' }, folder), {
    database: { path: ':memory:' }
  })
  const more = {
    JWT_ALGORITHMS: 'RS256, EdDSA',
    JWT_CLAIMS: 'username=nick, email = mail,subject=https://example.com/id',
    AUTO_PROVISION: 'on'
  }
  t.match(readConfig({ ...PROVIDER, ...more }, folder).jwks, {
    algorithms: ['RS256', 'EdDSA'],
    claims: { username: 'nick', email: 'mail', subject: 'https://example.com/id' },
    autoProvision: true
  })
  t.notOk(existsSync(`${folder}/data`))
})

t.test('settings of an identity provider that can’t be used fail by their names', async (t) => {
  const folder = t.testdir()
  const wrong: [settings: Record<string, string>, message: RegExp][] = [
    [{ ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD_FILE: 'x' }, /^ADMIN_EMAIL: where JWKS_URL is set/],
    [{ ADMIN_API: 'on' }, /^ADMIN_API: where JWKS_URL is set nobody signs in here/],
    [{ JWT_ISSUER: '' }, /^JWT_ISSUER: has to be set where JWKS_URL is$/],
    [{ JWT_AUDIENCE: '' }, /^JWT_AUDIENCE: has to be set where JWKS_URL is$/],
    [{ JWKS_URL: '' }, /^JWKS_URL: has to be set where JWT_ISSUER is$/],
    [{ JWT_SECRET: SECRET }, /^JWKS_URL, JWT_SECRET: only one of them can be set/],
    [{ JWKS_URL: 'http://id.example.com/keys' }, /^JWKS_URL: expected an https URL/],
    [{ JWKS_URL: 'keys.json' }, /^JWKS_URL: expected an https URL/],
    [{ JWT_ALGORITHMS: 'HS256' }, /^JWT_ALGORITHMS: expected one or more of RS256, ES256, EdDSA$/],
    [{ JWT_ALGORITHMS: 'RS256,none' }, /^JWT_ALGORITHMS: /],
    [{ JWT_CLAIMS: 'username' }, /^JWT_CLAIMS: expected pairs such as/],
    [{ JWT_CLAIMS: 'email=mail,email=upn' }, /^JWT_CLAIMS: expected pairs such as/],
    [{ JWT_CLAIMS: 'phone=tel' }, /^JWT_CLAIMS: expected names of claims for userId, subject/],
    [{ JWT_CLAIMS: '__proto__=tel' }, /^JWT_CLAIMS: /],
    [{ AUTO_PROVISION: 'on', JWT_CLAIMS: 'userId=user_id' }, /^AUTO_PROVISION: nobody is provisioned/]
  ]
  for (const [settings, message] of wrong)
    t.throws(() => readConfig({ ...PROVIDER, ...settings }, folder), message)
  t.throws(
    () => readConfig({ AUTO_PROVISION: 'on' }, folder),
    /^JWKS_URL: has to be set where AUTO_PROVISION is$/
  )
  t.equal(readConfig(PROVIDER, folder).admin, false, 'nobody administers where nobody signs in')
  t.equal(readConfig({ ...PROVIDER, ADMIN_API: 'off' }, folder).admin, false)
  t.throws(() => readConfigBesideService(PROVIDER, folder), /^JWKS_URL: tokens are the identity provider’s/)
  t.notOk(existsSync(`${folder}/data`))
})

t.test('metrics have a port of their own, and an address where one is set', async (t) => {
  const folder = t.testdir()
  t.strictSame(readSettings({ METRICS_PORT: '9464' }, folder).metrics, { host: '127.0.0.1', port: 9464 })
  const everywhere = { METRICS_PORT: '9464', METRICS_HOST: '0.0.0.0' }
  t.strictSame(readSettings(everywhere, folder).metrics, { host: '0.0.0.0', port: 9464 })
  t.equal(readSettings({ METRICS_HOST: '0.0.0.0' }, folder).metrics, undefined)
})

t.test('spans are made where the environment says where they go, and nothing forbids it', async (t) => {
  const folder = t.testdir({ dotenv: { '.env': 'OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318\n' } })
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }
  const cases: [environment: Record<string, string>, serviceName: string | undefined][] = [
    [endpoint, 'fastify-user-profile'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }, 'fastify-user-profile'],
    [{ OTEL_TRACES_EXPORTER: 'console' }, 'fastify-user-profile'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, undefined],
    [{ OTEL_SERVICE_NAME: 'profiles' }, undefined],
    [{ ...endpoint, OTEL_TRACES_EXPORTER: 'none' }, undefined],
    [{ ...endpoint, OTEL_SDK_DISABLED: 'true' }, undefined],
    [{ ...endpoint, OTEL_SDK_DISABLED: 'false' }, 'fastify-user-profile'],
    [{ ...endpoint, OTEL_SERVICE_NAME: 'profiles' }, 'profiles']
  ]
  for (const [environment, serviceName] of cases)
    t.equal(readSettings(environment, folder).tracing?.serviceName, serviceName, JSON.stringify(environment))
  // The SDK would not see it, and the operator would wait for spans.
  t.throws(
    () => readSettings({}, `${folder}/dotenv`),
    /^OTEL_EXPORTER_OTLP_ENDPOINT: .* does not read \.env$/
  )
  t.ok(readSettings(endpoint, `${folder}/dotenv`).tracing)
  const named = { ...endpoint, OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=x,service.name=profiles' }
  t.strictSame(readSettings(named, folder).tracing, { serviceName: undefined }, 'the SDK knows the name')
})
