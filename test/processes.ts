import { readFileSync } from 'node:fs'

/** What Linux tells of processes. Tests that need it are skipped where it is not told. */
export const NEEDS_PROC = { skip: process.platform !== 'linux' && 'needs /proc' }

/** A file of a process; empty once the process is gone. */
function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}

/** The processes that a process has started, and that run. */
export const childrenOf = (pid: number): number[] =>
  read(pid, `task/${pid}/children`)
    .split(' ')
    .filter((text) => text !== '')
    .map(Number)
    .filter(isRunning)

/** False for one that has ended and that nobody has asked how. */
export function isRunning(pid: number): boolean {
  const state = statOf(pid)[0]
  return state !== undefined && state !== 'Z' && state !== 'X'
}

export const environmentOf = (pid: number): string[] => read(pid, 'environ').split('\0')

/** How much processor time it has used, in ticks of a hundredth of a second. */
export function ticksOf(pid: number): number {
  const stat = statOf(pid)
  return Number(stat[11] ?? 0) + Number(stat[12] ?? 0)
}

/** The most memory that it ever had, in megabytes. */
export const peakMegabytes = (pid: number) =>
  Number(/^VmHWM:\s*(\d+) kB$/m.exec(read(pid, 'status'))?.[1] ?? 0) / 1024

/** The fields behind the name, which may itself hold anything (proc_pid_stat(5)); the first is the state. */
function statOf(pid: number): string[] {
  const stat = read(pid, 'stat')
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}
