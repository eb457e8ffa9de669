import Database from 'better-sqlite3'
import { createBoundedQueue } from '../../src/bounded-queue.ts'
import { createPasswordHasher } from '../../src/passwords/password-hasher.ts'
import { fillUsers } from '../harness/fill-users.ts'
import { loopSubject } from '../harness/loop-subject.ts'
import type { Row } from '../harness/row.ts'
import { withServers } from '../harness/with-servers.ts'
import { startProgram } from '../servers/start.ts'
import { USERS } from './sizes.ts'
import { measureSlowWork } from './slow-work.ts'

const PASSWORD = 'correct horse 42'
const SIGN_INS_AT_ONCE = 8

/** Sign-ins beside a bare loop over argon2id, and what JSON updates notice of them. */
export const signIn: Row = async (bench) => {
  const folder = bench.makeFolder('sign-in')
  fillUsers(`${folder}/profile.db`, USERS)
  await setPassword(`${folder}/profile.db`)
  const seconds = 2 * bench.seconds
  return withServers(async (keep) => {
    const server = keep(await startProgram('service', { folder }))
    const load = {
      name: 'sign-ins, 8 at a time',
      server,
      requests: Array.from({ length: SIGN_INS_AT_ONCE }, (_, index) => ({
        method: 'POST',
        path: '/api/sign-in/',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ email: `user_${index + 1}@example.com`, password: PASSWORD })
      })),
      connections: SIGN_INS_AT_ONCE,
      seconds
    }
    const loop = loopSubject('argon2id alone, the same parameters', ['argon2'], seconds)
    const { contestants, ratios } = await measureSlowWork(bench, { work: 'sign-ins', load, loop })
    return [{ id: 'sign-in', title: 'Sign-in', contestants, ratios, facts: [] }]
  })
}

/** Gives everybody the same password. */
async function setPassword(path: string): Promise<void> {
  const hasher = createPasswordHasher(createBoundedQueue({ concurrency: 1, maxWaiting: 0 }))
  const encoded = await hasher.hash(PASSWORD)
  const database = new Database(path)
  database.prepare('UPDATE users SET password = ?').run(encoded)
  database.close()
}
