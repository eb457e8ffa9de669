import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'

/** Processes that may have so much memory together and no more. */
export interface MemoryGroup {
  /** The file into which a process writes its id to belong to it, with those that it starts from then on. */
  procs: string
  /** How many processes the kernel has ended because there was no memory left. */
  kills(): number
  /** Nobody may be in it. */
  remove(): void
}

const V1 = '/sys/fs/cgroup/memory'
const V2 = '/sys/fs/cgroup'

/** @throws where the kernel lets nobody limit memory: that needs root, on Linux */
export function createMemoryGroup(name: string, bytes: number): MemoryGroup {
  const [base, limits, events] = existsSync(`${V1}/memory.limit_in_bytes`)
    ? [V1, { 'memory.limit_in_bytes': bytes }, 'memory.oom_control']
    : [V2, { 'memory.max': bytes, 'memory.swap.max': 0 }, 'memory.events']
  const folder = `${base}/${name}`
  mkdirSync(folder)
  for (const [file, limit] of Object.entries(limits)) writeFileSync(`${folder}/${file}`, String(limit))
  return {
    procs: `${folder}/cgroup.procs`,
    kills: () =>
      Number(/^oom_kill (\d+)$/m.exec(readFileSync(`${folder}/${events}`, 'utf8'))?.[1] ?? Number.NaN),
    remove: () => rmdirSync(folder)
  }
}
