import t from 'tap'
import { buildTestApp, DJANGO_HASH, PASSWORD, type TestApp } from '../helper.ts'
import { spyOnHashes, TIMES } from '../spied-hashes.ts'

/**
 * Whether there is an account, asked by whoever has no password (djoser issues 133 and 213, logto issue 8780): a failed
 * sign-in has one status, one body, the same headers, hashes once, and is no sooner done than one whose hash is of the slowest
 * kind. That a sign-up says what is
 * taken is the interface's contract.
 */
const OURS = 'argon2 2 19456 2 1'
const UNKNOWN = 'nobody@example.com'

/** Accounts by what is special about them, with the password that is tried and what is hashed for it. */
const ACCOUNTS: Record<string, { change?: string; values?: unknown[]; password: string; work: string }> = {
  'with another password': { password: 'wrong horse 42', work: OURS },
  inactive: { change: 'is_active = 0', password: PASSWORD, work: OURS },
  'inactive, with another password': { change: 'is_active = 0', password: 'wrong horse 42', work: OURS },
  'without a password': { change: 'password = ?', values: ['!unusable'], password: PASSWORD, work: OURS },
  'with an empty hash': { change: 'password = ?', values: [''], password: '', work: OURS },
  'with a hash of an unknown kind': {
    change: 'password = ?',
    values: ['md5$x$y'],
    password: PASSWORD,
    work: OURS
  },
  'with a garbled hash': {
    change: 'password = ?',
    values: ['argon2$argon2id$v=19'],
    password: PASSWORD,
    work: OURS
  },
  'with a hash that costs too much': {
    change: 'password = ?',
    values: [DJANGO_HASH.replace('$1000$', '$10000001$')],
    password: PASSWORD,
    work: OURS
  },
  'with a hash of Django’s': {
    change: 'password = ?',
    values: [DJANGO_HASH],
    password: 'wrong horse 42',
    work: 'pbkdf2 sha256 1000'
  },
  'inactive, with a hash of Django’s': {
    change: 'is_active = 0, password = ?',
    values: [DJANGO_HASH],
    password: PASSWORD,
    work: 'pbkdf2 sha256 1000'
  }
}

const endpoints: [path: string, field: string][] = [
  ['/api/sign-in/', 'email'],
  ['/api/sign-in/', 'username'],
  ['/api/token/', 'username']
]

async function makeAccounts({ signUp, sql }: TestApp) {
  return Promise.all(
    Object.entries(ACCOUNTS).map(async ([name, { change, values = [], password, work }]) => {
      const { id, email, username } = await signUp()
      if (change) sql(`update users set ${change} where id = ?`, ...values, id)
      return { name, email, username, password: password || 'x', work }
    })
  )
}

t.test('a failed sign-in says the same, and hashes once, whatever the account is', async (t) => {
  const { buildTestApp: build, takeWork, takeWaits } = await spyOnHashes(t)
  const service = await build(t)
  const accounts = await makeAccounts(service)
  for (const [path, field] of endpoints) {
    const ask = async (identifier: string, password: string) => {
      takeWork()
      takeWaits()
      const { statusCode, headers, body } = await service.call('POST', path, {
        json: { [field]: identifier, password }
      })
      const { date, ...others } = headers
      return { answer: { statusCode, body, headers: others }, work: takeWork(), waits: takeWaits() }
    }
    const unknown = await ask(UNKNOWN, PASSWORD)
    t.strictSame(unknown.work, [OURS])
    t.equal(unknown.answer.statusCode, path.endsWith('token/') ? 401 : 400)
    for (const { name, email, username, password, work } of accounts) {
      for (const identifier of [email, username, email.toUpperCase()]) {
        const known = await ask(identifier, password)
        t.strictSame(known.answer, unknown.answer, `${path} ${name}`)
        t.strictSame(known.work, [work], `${path} ${name}`)
        const ahead = TIMES.argon2 - TIMES.pbkdf2
        t.strictSame(known.waits, work === OURS ? [] : [ahead], 'what is done sooner waits for the slowest')
      }
    }
    for (const identifier of ['', ' ', 'x'.repeat(321), '\0', "' or 1=1 --", '%', '*']) {
      const { answer, work } = await ask(identifier, PASSWORD)
      t.ok([400, 401].includes(answer.statusCode))
      t.ok(work.length <= 1, identifier.slice(0, 20))
    }
  }
})

t.test('whoever guesses waits after as many guesses, whether there is an account or not', async (t) => {
  const service = await buildTestApp(t, { env: { RATE_LIMIT: 'on', TRUST_PROXY: '127.0.0.1' } })
  const { call, signUp } = service
  const { email } = await signUp()
  const answersFor = async (identifier: string, network: number) => {
    const answers: string[] = []
    for (let guess = 0; guess < 12; guess++) {
      const response = await call('POST', '/api/sign-in/', {
        json: { email: identifier, password: 'wrong horse 42' },
        headers: { 'x-forwarded-for': `198.51.${network}.${guess}` }
      })
      const { date, 'retry-after': wait, ...headers } = response.headers
      const body = response.body.replace(/\d+ seconds/, 'some seconds')
      answers.push(JSON.stringify([response.statusCode, body, headers, wait !== undefined]))
    }
    return answers
  }
  const known = await answersFor(email, 1)
  t.strictSame(await answersFor(UNKNOWN, 2), known)
  t.equal(new Set(known).size, 2)
  t.match(known.at(-1), /^\[429,/)
})
