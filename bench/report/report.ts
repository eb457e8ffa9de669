import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, release, totalmem, type } from 'node:os'
import { CORES } from '../harness/processes.ts'
import type { Bench, RowResult } from '../harness/row.ts'

/** One run of the benchmark, with what there is to know about where it ran. */
export interface Report {
  date: string
  commit: string
  machine: { cpu: string; cores: number; memoryGb: number; system: string }
  versions: Record<string, string>
  method: { client: string; pinning: string; rounds: number; seconds: number; quick: boolean }
  rows: RowResult[]
}

const VERSIONED = ['fastify', 'better-sqlite3', 'drizzle-orm', '@fastify/jwt', '@fastify/multipart', 'sharp']

export function createReport({ client, rounds, seconds, quick }: Bench, rows: RowResult[]): Report {
  const processors = cpus()
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    commit: describeCommit(),
    machine: {
      cpu: processors[0]?.model ?? 'unknown',
      cores: processors.length,
      memoryGb: Math.round(totalmem() / 1e9),
      system: `${type()} ${release()}`
    },
    versions: {
      node: process.versions.node,
      ...Object.fromEntries(VERSIONED.map((name) => [name, versionOf(name)]))
    },
    method: {
      client: client.name,
      pinning: CORES
        ? `servers on core ${CORES.server}, load on core ${CORES.load}`
        : 'servers and load share the machine: it has no second core, or no taskset',
      rounds,
      seconds,
      quick
    },
    rows
  }
}

/** The commit, with a mark where the tree differs from it. */
function describeCommit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

function versionOf(name: string): string {
  const main = createRequire(import.meta.url).resolve(name)
  const folder = main.slice(0, main.lastIndexOf(`node_modules/${name}/`) + `node_modules/${name}/`.length)
  return JSON.parse(readFileSync(`${folder}package.json`, 'utf8')).version
}
