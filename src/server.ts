import { dirname } from 'node:path'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { type Config, ConfigError, readConfig, reasonOf } from './config.ts'

/** Starts the service with the settings of the environment, and ends it on SIGTERM and SIGINT. */
export async function startServer(): Promise<void> {
  const config = readConfig()
  const { app, address, isNew } = await listen(config)
  closeWithGrace({ delay: config.shutdownTimeoutMs, logger: false }, async ({ err, signal }) => {
    if (err) app.log.fatal({ err }, 'unexpected error')
    app.log.info({ signal }, 'shutting down: requests in flight are finished first')
    await app.close()
    app.log.info('stopped')
  })
  process.stderr.write(welcome(address, isNew && config.signUpOpen ? config.apiPrefix : undefined))
}

async function listen(config: Config): Promise<{ app: FastifyInstance; address: string; isNew: boolean }> {
  let app: FastifyInstance | undefined
  try {
    app = await buildApp({ config })
    await app.ready()
    const isNew = await app.stores.users.isEmpty()
    return { app, isNew, address: await app.listen({ host: config.host, port: config.port }) }
  } catch (error) {
    await app?.close()
    throw nameSetting(error, config)
  }
}

/** What the system refuses, with the setting that asked for it in front. */
function nameSetting(error: unknown, { databasePath, mediaRoot }: Config): unknown {
  if (!(error instanceof Error)) return error
  const { syscall, path = '' }: NodeJS.ErrnoException = error
  if (syscall === 'listen') return new ConfigError('HOST, PORT', reasonOf(error))
  if (syscall === 'getaddrinfo') return new ConfigError('HOST', reasonOf(error))
  if (path.startsWith(mediaRoot)) return new ConfigError('MEDIA_ROOT', reasonOf(error))
  const isDatabase = path.startsWith(dirname(databasePath)) || error.name === 'SqliteError'
  return isDatabase ? new ConfigError('DATABASE_URL', `${databasePath}: ${reasonOf(error)}`) : error
}

/** @param apiPrefix where to make the first account; undefined where there is one, or none can be made */
function welcome(origin: string, apiPrefix: string | undefined): string {
  const listening = `\nfastify-user-profile is listening on ${origin}\n`
  if (apiPrefix === undefined) return `${listening}\n`
  return `${listening}
There is no account yet. Make the first one:

  curl ${origin}${apiPrefix}/sign-up/ -H 'Content-Type: application/json' \\
    -d '{"username": "admin", "email": "admin@example.com", "password": "correct horse 42"}'

`
}
