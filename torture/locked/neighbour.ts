import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type Neighbourly = 'immediate' | 'exclusive' | 'snapshot' | 'backup' | 'writer'

const PROGRAM = fileURLToPath(new URL('hold-lock.ts', import.meta.url))

/** Another process that uses the database; resolves when it does. Its answer ends it. */
export async function startNeighbour(path: string, how: Neighbourly): Promise<() => Promise<void>> {
  const child = fork(PROGRAM, [path, how])
  const ended = once(child, 'exit')
  const ready = once(child, 'message').then(() => true)
  if (!(await Promise.race([ready, ended.then(() => false)])))
    throw new Error(`a process that should be ${how} ended`)
  return async () => {
    if (child.connected) child.send('end')
    await ended
  }
}
