import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { type Config, ConfigError, readConfig } from './config.ts'

/** Starts the service with the settings of the environment, and ends it on SIGTERM and SIGINT. */
export async function startServer(): Promise<void> {
  const config = readConfigOrExit()
  const app = await buildApp({ config })
  const address = await listen(app, config)
  closeWithGrace({ delay: config.shutdownTimeoutMs, logger: false }, async ({ err }) => {
    if (err) app.log.fatal({ err }, 'unexpected error; the service stops')
    await app.close()
  })
  const isNew = await app.stores.users.isEmpty()
  process.stderr.write(welcome(address + config.apiPrefix, isNew && config.signUpOpen))
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    await app.close()
    throw error
  }
}

function readConfigOrExit(): Config {
  try {
    return readConfig()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`fastify-user-profile: ${error.message}\n`)
    process.exit(1)
  }
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
