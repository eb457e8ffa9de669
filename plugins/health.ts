import type { FastifyInstance } from 'fastify'
import { errors } from '../src/errors.ts'

export interface HealthOptions {
  /** Whether what requests need can be used. What it throws counts as no. */
  isReady(): Promise<boolean>
  /** Whether the service is about to end. */
  isDraining(): boolean
}

/** Asked every few seconds, also by those who find out why the service refuses others. */
const ASKED_OFTEN = { logLevel: 'warn', config: { pressureHandler: () => undefined } } as const

/**
 * `GET /health/live`: the process answers; `GET /health/ready`: it may be sent requests. Neither asks who it is, is limited,
 * or is refused under pressure.
 */
export default async function health(
  app: FastifyInstance,
  { isReady, isDraining }: HealthOptions
): Promise<void> {
  app.get('/health/live', ASKED_OFTEN, async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    return { status: 'ok' }
  })
  app.get('/health/ready', ASKED_OFTEN, async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    if (isDraining()) throw errors.draining()
    if (!(await isReady())) throw errors.unavailable()
    return { status: 'ok' }
  })
}
