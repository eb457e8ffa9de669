import { mkdirSync } from 'node:fs'
import { freePort } from '../../../bench/harness/processes.ts'
import { createPart, type Part } from './part.ts'
import { answersWith } from './probes.ts'

export interface RedisPart extends Part {
  port: number
}

/** Debian's Redis, without files: what it held is gone with it. */
export async function createRedisPart(folder: string): Promise<RedisPart> {
  const port = await freePort()
  const cwd = `${folder}/redis`
  mkdirSync(cwd)
  const part = createPart({
    name: 'redis',
    command: 'redis-server',
    args: ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', cwd],
    cwd,
    isReady: () => answersWith(port, 'PING\r\n', '+PONG')
  })
  return Object.assign(part, { port })
}
