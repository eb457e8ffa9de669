import { dirname } from 'node:path'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { type Config, ConfigError, readConfig, reasonOf } from './config.ts'

/** Starts the service with the settings of the environment, and ends it on SIGTERM and SIGINT. */
export async function startServer(): Promise<void> {
  const config = readConfig()
  const { app, address } = await listen(config)
  closeWithGrace({ delay: config.shutdownTimeoutMs, logger: false }, async ({ err }) => {
    if (err) app.log.fatal({ err }, 'unexpected error; the service stops')
    await app.close()
  })
  const isNew = await app.stores.users.isEmpty()
  process.stderr.write(welcome(address + config.apiPrefix, isNew && config.signUpOpen))
}

async function listen(config: Config): Promise<{ app: FastifyInstance; address: string }> {
  let app: FastifyInstance | undefined
  try {
    app = await buildApp({ config })
    return { app, address: await app.listen({ host: config.host, port: config.port }) }
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

function welcome(url: string, isNew: boolean): string {
  const listening = `\nfastify-user-profile is listening on ${url}/\n`
  if (!isNew) return `${listening}\n`
  return `${listening}
There is no account yet. Make the first one:

  curl ${url}/sign-up/ -H 'Content-Type: application/json' \\
    -d '{"username": "alice", "email": "alice@example.com", "password": "correct horse 42"}'

`
}
