import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { errorCode } from '../../error-code.ts'
import { StoreRefused } from '../../store-refused.ts'
import { postgresReason } from '../django/postgres-reason.ts'

export interface Waiting {
  /** How long a server that can't be reached yet is waited for, in milliseconds. */
  forMs: number
  /** Told once, where it has to be waited for. */
  onWait(reason: string): void
}

const AGAIN_MS = 500

/**
 * Does something with a connection of its own, which is without limits of time and closed after it.
 * @throws {StoreRefused} where the server can't be reached in time, or refuses; without the password
 */
export async function withConnection<T>(
  config: pg.ClientConfig,
  waiting: Waiting,
  work: (client: pg.Client) => Promise<T>
): Promise<T> {
  let client: pg.Client | undefined
  try {
    client = await reach(config, waiting)
    return await work(client)
  } catch (error) {
    const cause = driverError(error)
    throw new StoreRefused('DATABASE_URL', postgresReason(cause), { cause })
  } finally {
    await client?.end().catch(() => {})
  }
}

/** Drizzle wraps what the driver throws. */
const driverError = (error: unknown) =>
  error instanceof Error && error.cause instanceof pg.DatabaseError ? error.cause : error

async function reach(config: pg.ClientConfig, { forMs, onWait }: Waiting): Promise<pg.Client> {
  let told = false
  for (const until = Date.now() + forMs; ; await sleep(AGAIN_MS)) {
    // Migrations take their time.
    const { query_timeout: _, ...unhurried } = config
    const client = new pg.Client(unhurried)
    client.on('error', () => {})
    try {
      await client.connect()
      return client
    } catch (error) {
      await client.end().catch(() => {})
      if (!mayComeUp(error) || Date.now() >= until) throw error
      if (!told) onWait(postgresReason(error))
      told = true
    }
  }
}

/** Beside us a database may be started later than we are; its name may not be known before. */
function mayComeUp(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(57P03|57P01|53300|08)/.test(error.code ?? '')
  return (
    /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOST|ENET|ENOENT|EPIPE)/.test(errorCode(error)) ||
    (error instanceof Error && /timeout|terminated/.test(error.message))
  )
}
