import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { pinned } from '../harness/processes.ts'
import type { LoadClient, LoadOptions, LoadResult } from './load.ts'

const SCRIPT = fileURLToPath(new URL('wrk.lua', import.meta.url))

/** wrk, where it is installed: a compiled client, one thread on the load's core. */
export function findWrk(): LoadClient | undefined {
  const { stdout } = spawnSync('wrk', ['--version'], { encoding: 'utf8' })
  if (!stdout) return undefined
  return { name: /wrk \S+/.exec(stdout)?.[0] ?? 'wrk', run: runWrk }
}

async function runWrk({ origin, connections, seconds, requestsFile }: LoadOptions): Promise<LoadResult> {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '-s', SCRIPT, origin]
  const { stdout } = await promisify(execFile)(...pinned('load', 'wrk', [...args, '--', requestsFile]))
  const line = stdout.split('\n').find((one) => one.startsWith('{'))
  if (line === undefined) throw new Error(`wrk said nothing that could be read: ${stdout}`)
  const { requests, microseconds, p50, p99, max, failures } = JSON.parse(line)
  if (failures > 0 || requests === 0) throw new Error(`${failures} of ${requests} requests failed: ${stdout}`)
  return {
    requestsPerSecond: requests / (microseconds / 1e6),
    p50Ms: p50 / 1000,
    p99Ms: p99 / 1000,
    maxMs: max / 1000
  }
}
