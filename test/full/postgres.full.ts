import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { findDebianPostgres } from '../../bench/harness/debian-postgres.ts'
import { inParallel } from '../../src/in-parallel.ts'
import { rowStoresContract } from '../contracts/row-stores.ts'
import { startPostgres } from '../postgres.ts'
import { makeDatabase, openStores, prepareDatabase } from '../postgres-stores.ts'
import { startService } from '../service.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

const server = await startPostgres(t, {
  binaries: findDebianPostgres(),
  settings: ['fsync=on', 'max_connections=500']
})

const emptyDatabase = await prepareDatabase(server)

t.test('the stores keep what they promise', async (t) =>
  rowStoresContract(t, async (t) => {
    const url = await emptyDatabase()
    return () => openStores(t, { url })
  })
)

t.test('the service keeps the whole contract', async (t) => {
  const JWT_SECRET = 'contract-secret-0123456789-0123456789'
  const DATABASE_URL = await makeDatabase(server)
  const { origin } = await startService(t, t.testdir(), { DATABASE_URL, JWT_SECRET })
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [`${root}/../shared/contract/run.mjs`, origin],
    { env: { ...process.env, JWT_SECRET } }
  )
  const [, passed = '0'] = /^(\d+) passed, 0 failed$/m.exec(stdout) ?? []
  t.ok(Number(passed) >= 65, stdout)
})

/** Those of the tests over HTTP that ask what is kept, and of what comes in those whose texts a database could refuse. */
const FILES = [
  ...['routes', 'routes/admin'].flatMap((folder) =>
    readdirSync(`${root}/test/${folder}`)
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => `test/${folder}/${name}`)
  ),
  ...['fields', 'naughty-strings', 'odd-json'].map((name) => `test/input/${name}.test.ts`)
]

t.test('the interface behaves as over a file', async (t) => {
  t.ok(FILES.length > 15)
  await inParallel(FILES, 2, async (file) => {
    const env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TEST_POSTGRES: server.url,
      TAP_TIMEOUT: '600'
    }
    const { stdout, failed } = await promisify(execFile)(process.execPath, [file], {
      cwd: root,
      env,
      maxBuffer: 2 ** 28
    }).then(
      ({ stdout }) => ({ stdout, failed: false }),
      ({ stdout }) => ({ stdout: String(stdout), failed: true })
    )
    const complaints = stdout.split('\n').filter((line) => /^ *not ok/.test(line))
    t.notOk(failed, file, { complaints })
  })
})
