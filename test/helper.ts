import { createHmac, pbkdf2Sync, randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, HTTPMethods, InjectOptions, LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import { type AppOptions, buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { databaseOf, runSql, withDatabase } from './test-database.ts'

export { withDatabase }

export const SECRET = 'a-secret-of-the-tests-0123456789-0123456789'
export const PASSWORD = 'correct horse 42'
/** Its hash as Django makes it, of fewer iterations. */
export const DJANGO_HASH = `pbkdf2_sha256$1000$salt$${pbkdf2Sync(PASSWORD, 'salt', 1000, 32, 'sha256').toString('base64')}`

/** A user's fields, in the order in which every answer has them. */
export const FIELDS = [
  'id',
  'username',
  'email',
  'first_name',
  'last_name',
  'number_phone',
  'avatar',
  'date_joined',
  'last_login',
  'is_active',
  'is_staff',
  'is_superuser'
]

/** A clock that stands still until it is told to go on. It starts at the real time, which tokens are verified by. */
export function stoppedClock(start = Date.now()) {
  let time = start
  return {
    now: () => time,
    advance(milliseconds: number) {
      time += milliseconds
    }
  }
}

export interface Account {
  id: number
  username: string
  email: string
  access: string
  refresh: string
}

/** A picture or any other file in a form. */
export interface FilePart {
  bytes: Uint8Array<ArrayBuffer> | Buffer
  name?: string
  type?: string
}

type FormField = [name: string, value: string | FilePart]

interface Call {
  token?: string | undefined
  json?: unknown
  form?: FormField[]
  urlencoded?: string
  body?: string | Buffer
  headers?: Record<string, string>
}

export interface TestApp {
  app: FastifyInstance
  folder: string
  call(method: HTTPMethods, url: string, call?: Call): Promise<LightMyRequestResponse>
  update(account: Account, call: Omit<Call, 'token'>): Promise<LightMyRequestResponse>
  signUp(fields?: object): Promise<Account>
  /** The user's row as it is kept, by a connection of the test's own. */
  row(id: number): Record<string, unknown> | undefined
  /** All rows of a table. */
  rows(table: string): Record<string, unknown>[]
  /** Runs SQL behind the service's back. */
  sql(statement: string, ...values: unknown[]): void
  /** Everything in the folder of pictures. */
  pictures(): string[]
  /** Files on their way that were left behind. */
  uploads(): string[]
}

export interface TestAppOptions extends Pick<AppOptions, 'logger' | 'clock' | 'stores'> {
  env?: Record<string, string>
  folder?: string
}

/** A machine that is busy with other tests is no reason to refuse requests. */
const QUIET = { RATE_LIMIT: 'off', LOG_LEVEL: 'silent', MAX_EVENT_LOOP_DELAY: '0' }

let serial = 0
export const unique = (stem: string) => `${stem}${process.pid}x${serial++}`

/** The whole service over a database and a folder of its own, closed when the test ends. */
export async function buildTestApp(t: Test, options: TestAppOptions = {}): Promise<TestApp> {
  const { env = {}, folder = t.testdir(), logger = false, ...rest } = options
  const database = rest.stores ? {} : databaseOf(folder)
  const config = readConfig({ JWT_SECRET: SECRET, ...QUIET, ...database, ...env }, folder)
  const app = await buildApp({ config, logger, ...rest })
  t.teardown(() => app.close())

  const call: TestApp['call'] = async (
    method,
    url,
    { token, json, form, urlencoded, body, headers } = {}
  ) => {
    const sent: InjectOptions = { method, url, headers: { ...headers } }
    const set = (name: string, value: string) => {
      sent.headers = { [name]: value, ...sent.headers }
    }
    if (token !== undefined) set('authorization', `Bearer ${token}`)
    if (json !== undefined) {
      sent.payload = JSON.stringify(json)
      set('content-type', 'application/json')
    }
    if (urlencoded !== undefined) {
      sent.payload = urlencoded
      set('content-type', 'application/x-www-form-urlencoded')
    }
    if (form) {
      const encoded = await encodeForm(form)
      sent.payload = encoded.body
      set('content-type', encoded.type)
    }
    if (body !== undefined) sent.payload = body
    return app.inject(sent)
  }

  return {
    app,
    folder,
    call,
    update: (account, sent) =>
      call('PUT', `/api/profile/${account.id}/update/`, { token: account.access, ...sent }),
    async signUp(fields = {}) {
      const username = unique('user')
      const json = { username, email: `${username}@example.com`, password: PASSWORD, ...fields }
      const response = await call('POST', '/api/sign-up/', { json })
      if (response.statusCode !== 201) throw new Error(`sign-up failed: ${response.body}`)
      const { user, access, refresh } = response.json()
      return { id: user.id, username: user.username, email: user.email, access, refresh }
    },
    row: (id) => runSql(config.database, 'select * from users where id = ?', id)[0],
    rows: (table) => runSql(config.database, `select * from ${table} order by 1, 2`),
    sql: (statement, ...values) => void runSql(config.database, statement, ...values),
    pictures: () => readdirSync(join(folder, 'media/avatars')),
    uploads: () => readdirSync(join(folder, 'media/.uploads'))
  }
}

export async function encodeForm(fields: FormField[]): Promise<{ body: Buffer; type: string }> {
  const form = new FormData()
  for (const [name, value] of fields) {
    if (typeof value === 'string') form.append(name, value)
    else {
      const { bytes, type = 'image/jpeg', name: fileName = 'image.jpg' } = value
      form.append(name, new Blob([new Uint8Array(bytes)], { type }), fileName)
    }
  }
  const response = new Response(form)
  return {
    body: Buffer.from(await response.arrayBuffer()),
    type: response.headers.get('content-type') ?? ''
  }
}

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

export const nowSeconds = () => Math.floor(Date.now() / 1000)

/** A token made by hand, as another service with the same secret would. */
export function mint(
  claims: object | string,
  { key = SECRET, header = { alg: 'HS256', typ: 'JWT' } as object, hash = 'sha256' } = {}
): string {
  const signed = `${encode(header)}.${encode(claims)}`
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`
}

export const accessClaims = (userId: unknown, over: object = {}) => ({
  token_type: 'access',
  exp: nowSeconds() + 600,
  iat: nowSeconds(),
  jti: randomUUID(),
  user_id: userId,
  ...over
})

/** Waits for what comes about by itself, a few seconds unless told otherwise, and fails with `what` where it doesn't. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 8000
): Promise<void> {
  for (const until = Date.now() + withinMs; !(await holds()); ) {
    if (Date.now() > until) throw new Error(`it never came about that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
