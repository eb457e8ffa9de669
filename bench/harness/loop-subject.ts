import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Subject } from './interleave.ts'
import { pinned } from './processes.ts'

const PROGRAM = fileURLToPath(new URL('../servers/worker-loop.ts', import.meta.url))

export interface LoopSubject extends Subject {
  stop(): void
}

/** The bare loop of `worker-loop.ts` on the servers' core: what the work alone makes a second. */
export function loopSubject(name: string, args: readonly string[], seconds: number): LoopSubject {
  const child: ChildProcess = spawn(...pinned('server', process.execPath, [PROGRAM, ...args]), {
    stdio: ['pipe', 'pipe', 'inherit']
  })
  const { stdin, stdout } = child
  if (!stdin || !stdout) throw new Error('the loop has no pipes')
  const answers = createInterface(stdout)
  return {
    name,
    async measure() {
      stdin.write(`${seconds}\n`)
      const [answer] = await once(answers, 'line')
      return { requestsPerSecond: Number(answer) }
    },
    stop: () => stdin.end()
  }
}
