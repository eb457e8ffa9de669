import { pbkdf2Sync } from 'node:crypto'
import Database from 'better-sqlite3'
import { createBoundedQueue } from '../../src/bounded-queue.ts'
import { createPasswordHasher } from '../../src/passwords/password-hasher.ts'
import { fillUsers } from '../harness/fill-users.ts'
import { interleave } from '../harness/interleave.ts'
import type { Row } from '../harness/row.ts'
import { median, ratioOf } from '../harness/statistics.ts'
import { withServers } from '../harness/with-servers.ts'
import { startProgram } from '../servers/start.ts'
import { USERS } from './sizes.ts'

const PASSWORD = 'correct horse 42'
/** Django 5.2's. */
const DJANGO_ITERATIONS = 1_000_000
const INACTIVE = 2
const REWRITTEN = 3
const LEGACY = 4

const REQUESTS = 20

/**
 * How long a failed sign-in takes, by what there is of the account that is asked for: who may not be told apart by the
 * answer may not be told apart by its time either.
 */
export const signInAnswers: Row = async (bench) => {
  const folder = bench.makeFolder('sign-in-answers')
  fillUsers(`${folder}/profile.db`, USERS)
  await preparePasswords(`${folder}/profile.db`)
  return withServers(async (keep) => {
    const server = keep(await startProgram('service', { folder }))
    const signIn = async (email: string, password: string): Promise<number> => {
      const started = performance.now()
      const response = await fetch(`${server.origin}/api/sign-in/`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ email, password })
      })
      await response.text()
      if (response.status !== (password === PASSWORD && email === nameOf(REWRITTEN) ? 200 : 400))
        throw new Error(`${email} got ${response.status}`)
      return performance.now() - started
    }
    // The first sign-in after an import.
    await signIn(nameOf(REWRITTEN), PASSWORD)
    const subject = (name: string, email: string, password = 'wrong') => ({
      name,
      async measure() {
        const times: number[] = []
        for (let request = 0; request < REQUESTS; request++) times.push(await signIn(email, password))
        return { medianMs: median(times) }
      }
    })
    const contestants = await interleave(
      [
        subject('a wrong password', nameOf(1)),
        subject('an unknown account', 'nobody@example.com'),
        subject('an inactive account, the right password', nameOf(INACTIVE), PASSWORD),
        subject('a wrong password, hash rewritten from Django’s', nameOf(REWRITTEN)),
        subject('a wrong password, hash still Django’s', nameOf(LEGACY))
      ],
      bench.rounds,
      bench.log
    )
    const [known, ...others] = contestants
    return [
      {
        id: 'sign-in-answers',
        title: 'Failed sign-ins',
        contestants,
        ratios: others.map(({ name, samples }) =>
          ratioOf(`${name} ÷ a wrong password`, samples.medianMs, known?.samples.medianMs, { atMost: 2 })
        ),
        facts: []
      }
    ]
  })
}

const nameOf = (id: number) => `user_${id}@example.com`

async function preparePasswords(path: string): Promise<void> {
  const hasher = createPasswordHasher(createBoundedQueue({ concurrency: 1, maxWaiting: 0 }))
  const ours = await hasher.hash(PASSWORD)
  const key = pbkdf2Sync(PASSWORD, 'salt', DJANGO_ITERATIONS, 32, 'sha256').toString('base64')
  const djangos = `pbkdf2_sha256$${DJANGO_ITERATIONS}$salt$${key}`
  const database = new Database(path)
  database.prepare('UPDATE users SET password = ? WHERE id < 10').run(ours)
  database.prepare('UPDATE users SET password = ? WHERE id IN (?, ?)').run(djangos, REWRITTEN, LEGACY)
  database.prepare('UPDATE users SET is_active = 0 WHERE id = ?').run(INACTIVE)
  database.close()
}
