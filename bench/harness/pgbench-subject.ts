import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Subject } from './interleave.ts'
import type { PostgresServer } from './postgres-server.ts'
import { pinned } from './processes.ts'
import type { Bench } from './row.ts'

export interface PgbenchOptions {
  name: string
  postgres: PostgresServer
  /** One transaction, in pgbench's language. */
  script: string
  clients: number
}

/** PostgreSQL's own load, of prepared statements, on the load's core: transactions a second. */
export function pgbenchSubject(bench: Bench, { name, postgres, script, clients }: PgbenchOptions): Subject {
  const file = join(bench.makeFolder('pgbench'), 'script.sql')
  writeFileSync(file, script)
  const { hostname, port, username, pathname } = new URL(postgres.url)
  const connection = ['-h', hostname, '-p', port, '-U', username]
  const load = [
    '-n',
    '-M',
    'prepared',
    '-c',
    String(clients),
    '-j',
    '1',
    '-T',
    String(bench.seconds),
    '-f',
    file
  ]
  return {
    name,
    async measure() {
      const [command, args] = pinned('load', postgres.program('pgbench'), [
        ...connection,
        ...load,
        pathname.slice(1)
      ])
      const { stdout } = await promisify(execFile)(command, args)
      const tps = /tps = ([\d.]+)/.exec(stdout)?.[1]
      const latency = /latency average = ([\d.]+) ms/.exec(stdout)?.[1]
      if (tps === undefined) throw new Error(`pgbench said ${stdout}`)
      return { requestsPerSecond: Number(tps), meanMs: Number(latency) }
    }
  }
}
