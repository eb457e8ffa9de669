import { setTimeout } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { nameSetting } from './cli/name-setting.ts'
import { type Config, readConfig } from './config.ts'

/** Starts the service with the settings of the environment, and ends it on SIGTERM and SIGINT. */
export async function startServer(): Promise<void> {
  const config = readConfig()
  const { app, address, isNew } = await listen(config)
  const { drainDelayMs, shutdownTimeoutMs } = config
  closeWithGrace({ delay: drainDelayMs + shutdownTimeoutMs, logger: false }, async ({ err, signal }) => {
    if (err) app.log.fatal({ err }, 'unexpected error')
    app.draining.begin()
    // Who ends it by hand waits for no balancer.
    if (signal === 'SIGTERM' && drainDelayMs > 0) {
      app.log.info({ signal, drainDelayMs }, 'draining: requests are still taken, readiness is off')
      await setTimeout(drainDelayMs)
    }
    app.log.info({ signal }, 'shutting down: requests in flight are finished first')
    await app.close()
    app.log.info('stopped')
  })
  process.stderr.write(welcome(address, config, isNew))
}

async function listen(config: Config): Promise<{ app: FastifyInstance; address: string; isNew: boolean }> {
  let app: FastifyInstance | undefined
  try {
    app = await buildApp({ config })
    await app.ready()
    if (config.firstAdmin) {
      const { makeFirstAdmin } = await import('./cli/first-admin.ts')
      const admin = await makeFirstAdmin(app.stores.users, config.firstAdmin)
      if (admin) app.log.info({ userId: admin.id }, 'made the first superuser')
    }
    const isNew = await app.stores.users.isEmpty()
    return { app, isNew, address: await app.listen({ host: config.host, port: config.port }) }
  } catch (error) {
    await app?.close()
    throw nameSetting(error, config)
  }
}

/** @param isNew whether there is no account yet */
function welcome(
  origin: string,
  { apiPrefix, docs, pages, signUpOpen, jwks }: Config,
  isNew: boolean
): string {
  const account = pages && !jwks ? `${origin}/account/` : undefined
  const listening = [
    `fastify-user-profile is listening on ${origin}`,
    ...(account ? [`People keep their accounts at ${account}`] : []),
    ...(docs ? [`It describes itself at ${origin}/docs`] : [])
  ]
  if (!isNew || !signUpOpen || jwks) return `\n${listening.join('\n')}\n\n`
  return `
${listening.join('\n')}

There is no account yet. Make the first one${account ? ` at ${account} or` : ''} by:

  curl ${origin}${apiPrefix}/sign-up/ -H 'Content-Type: application/json' \\
    -d '{"username": "admin", "email": "admin@example.com", "password": "correct horse 42"}'

`
}
