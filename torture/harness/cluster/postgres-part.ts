import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import pg from 'pg'
import { findDebianPostgres } from '../../../bench/harness/debian-postgres.ts'
import { freePort } from '../../../bench/harness/processes.ts'
import { createPart, type Part } from './part.ts'

export interface PostgresPart extends Part {
  port: number
  url(port?: number): string
  /** How many transactions are open, committing or waiting. */
  openTransactions(): Promise<number>
  /** The next node that starts has its turn at what one does for all. */
  forgetTurns(): Promise<unknown>
}

/** Debian's `nobody`: PostgreSQL refuses to run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 }

/**
 * Debian's PostgreSQL, with a database of its own, as safe from power cuts as its defaults make it.
 * @param folder in the system's folder for such
 */
export async function createPostgresPart(folder: string): Promise<PostgresPart> {
  const port = await freePort()
  const bin = findDebianPostgres()
  const user = process.getuid?.() === 0 ? NOBODY : undefined
  const cwd = `${folder}/postgres`
  mkdirSync(cwd)
  if (user) {
    // Whoever runs it has to get there.
    for (let above = folder; above.startsWith(`${tmpdir()}/`); above = dirname(above)) chmodSync(above, 0o711)
    chownSync(cwd, user.uid, user.gid)
  }
  const data = `${cwd}/data`
  const initialise = [
    '--no-sync',
    '-D',
    data,
    '-U',
    'profile',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8'
  ]
  execFileSync(`${bin}/initdb`, initialise, { cwd, stdio: 'pipe', ...user })
  const url = (at = port) => `postgres://profile@127.0.0.1:${at}/postgres`
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=']
  const part = createPart({
    name: 'postgres',
    command: `${bin}/postgres`,
    args: ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    cwd,
    user,
    // It rolls back what is open, and ends: a "fast" shutdown.
    stopSignal: 'SIGINT',
    isReady: () => ask(url(), 'select 1 answer').then(() => true)
  })
  return Object.assign(part, {
    port,
    url,
    openTransactions: () => ask(url(), OPEN),
    forgetTurns: () => ask(url(), 'delete from turns')
  })
}

const OPEN = `select count(*)::int answer from pg_stat_activity
  where backend_type = 'client backend' and state <> 'idle' and pid <> pg_backend_pid()`

async function ask(connectionString: string, sql: string): Promise<number> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 1000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return Number((await client.query(sql)).rows[0]?.answer)
  } finally {
    await client.end().catch(() => {})
  }
}
