import { mkdirSync } from 'node:fs'
import { freePort } from '../../../bench/harness/processes.ts'
import { MAIN } from '../../../test/service.ts'
import { UNHURRIED } from '../unhurried.ts'
import { createPart, type Part } from './part.ts'
import { statusOf } from './probes.ts'

export interface NodePart extends Part {
  port: number
  /** Of itself, past the balancer. */
  origin: string
  /** Where its uploads are on their way. */
  uploads: string
  isHealthy(): Promise<boolean>
}

/** Before nginx: its addresses of clients are believed. */
const BEHIND_NGINX = { HOST: '127.0.0.1', TRUST_PROXY: '127.0.0.1', LOG_LEVEL: 'error', RATE_LIMIT: 'off' }

/** The service as `npm start` runs it. */
export async function createNodePart(
  folder: string,
  name: string,
  settings: Record<string, string>
): Promise<NodePart> {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const cwd = `${folder}/${name}`
  mkdirSync(cwd)
  const media = `${cwd}/media`
  const isHealthy = async () => (await statusOf(`${origin}/health/ready`)) === 200
  const part = createPart({
    name,
    command: process.execPath,
    args: [MAIN],
    env: { ...BEHIND_NGINX, ...UNHURRIED, MEDIA_ROOT: media, PORT: String(port), ...settings },
    cwd,
    isReady: isHealthy
  })
  return Object.assign(part, { port, origin, uploads: `${media}/.uploads`, isHealthy })
}
