import { hash } from '@node-rs/argon2'
import Database from 'better-sqlite3'
import { beside } from '../harness/beside.ts'
import { fillUsers } from '../harness/fill-users.ts'
import { interleave } from '../harness/interleave.ts'
import { countedSubject, loadSubject } from '../harness/load-subject.ts'
import { loopSubject } from '../harness/loop-subject.ts'
import type { Row } from '../harness/row.ts'
import { ratioOf } from '../harness/statistics.ts'
import { withServers } from '../harness/with-servers.ts'
import { spreadIds, updateRequests } from '../load/profile-requests.ts'
import { SECRET, startProgram } from '../servers/start.ts'
import { CONNECTIONS, USERS } from './json-update.ts'

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
    const signIns = await countedSubject(bench, load)
    const updates = await loadSubject(bench, {
      name: 'JSON updates alone',
      server,
      requests: updateRequests(spreadIds(USERS, USERS), SECRET),
      connections: CONNECTIONS,
      seconds
    })
    const besideSignIns = beside('JSON updates beside sign-ins', updates, await loadSubject(bench, load))
    const loop = loopSubject('argon2id alone, the same parameters', ['argon2'], seconds)
    try {
      const contestants = await interleave([signIns, loop, updates, besideSignIns], bench.rounds, bench.log)
      const [signedIn, hashed, alone, besides] = contestants.map(({ samples }) => samples)
      return [
        {
          id: 'sign-in',
          title: 'Sign-in',
          contestants,
          ratios: [
            ratioOf('sign-ins/s ÷ argon2id alone', signedIn?.requestsPerSecond, hashed?.requestsPerSecond, {
              atLeast: 0.9
            }),
            ratioOf('p99 of JSON updates beside sign-ins ÷ alone', besides?.p99Ms, alone?.p99Ms, {
              atMost: 5
            })
          ],
          facts: []
        }
      ]
    } finally {
      loop.stop()
    }
  })
}

/** Gives everybody the same password, in the encoding of src/passwords/password-hasher.ts. */
async function setPassword(path: string): Promise<void> {
  const encoded = await hash(PASSWORD, { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 })
  const database = new Database(path)
  database.prepare('UPDATE users SET password = ?').run(`argon2${encoded}`)
  database.close()
}
