import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { findDebianPostgres } from './debian-postgres.ts'
import { freePort, pinned, type Server } from './processes.ts'

const NOBODY = 65_534
const USER = 'bench'

export interface PostgresServer extends Server {
  /** Of its empty database, as `DATABASE_URL` has it. */
  url: string
  version: string
  /** The path of one of its programs, such as `psql`. */
  program(name: string): string
}

/**
 * PostgreSQL of Debian's packages with its data in a folder, as durable as it is by default, on the servers' core.
 * Everybody on this machine may enter, for as long as it runs.
 * @throws where it is not installed
 */
export async function startPostgres(folder: string): Promise<PostgresServer> {
  const programs = findDebianPostgres()
  const program = (name: string) => join(programs, name)
  const data = join(folder, 'postgres')
  mkdirSync(data, { mode: 0o700 })
  // It refuses to be root's; whoever it is has to get to its data.
  const owner = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  if (owner.uid !== undefined) {
    chmodSync(folder, 0o755)
    chownSync(data, owner.uid, owner.gid)
  }
  const init = ['-D', data, '-U', USER, '--auth=trust', '--encoding=UTF8', '--locale=C']
  execFileSync(program('initdb'), init, { ...owner, stdio: ['ignore', 'ignore', 'inherit'] })
  const port = await freePort()
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'shared_buffers=256MB']
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])]
  const child = spawn(...pinned('server', program('postgres'), args), { ...owner, stdio: 'ignore' })
  const kill = () => child.kill('SIGQUIT')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  const isReady = () => {
    try {
      execFileSync(program('pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)])
      return true
    } catch {
      return false
    }
  }
  while (child.exitCode === null && !isReady()) await new Promise((resolve) => setTimeout(resolve, 100))
  return {
    origin: `127.0.0.1:${port}`,
    url: `postgres://${USER}@127.0.0.1:${port}/postgres`,
    version: String(execFileSync(program('postgres'), ['--version'])).trim(),
    pid: child.pid ?? 0,
    program,
    residentBytes: () => 0,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      // Without waiting for who is connected.
      child.kill('SIGINT')
      await once(child, 'exit')
    }
  }
}
