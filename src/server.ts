import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.ts'
import { type Config, ConfigError, readConfig } from './config.ts'

/** Starts the service with the settings of the environment, and ends it on SIGTERM and SIGINT. */
export async function startServer(): Promise<void> {
  const config = readConfigOrExit()
  const app = await buildApp({ config })
  closeWithGrace({ delay: config.shutdownTimeoutMs, logger: false }, async ({ err }) => {
    if (err) app.log.fatal({ err }, 'unexpected error; the service stops')
    await app.close()
  })
  const address = await app.listen({ host: config.host, port: config.port })
  const isNew = await app.stores.users.isEmpty()
  process.stderr.write(welcome(address + config.apiPrefix, isNew && config.signUpOpen))
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
