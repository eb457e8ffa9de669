import pg from 'pg'
import { MigrationRefused } from '../../migration/migration-refused.ts'
import { StoreRefused } from '../../store-refused.ts'
import { postgresReason } from '../django/postgres-reason.ts'
import { connectionOptions } from './connection-options.ts'

export const CONNECT_TIMEOUT_MS = 15_000
/** As many rows come from the server at once. */
const FETCH = 2000

/** A connection for a move: its statements take as long as they take, and answer texts. */
export interface MigrationClient {
  query(text: string, values?: readonly unknown[]): Promise<(string | null)[][]>
  /** The rows of a query, from a cursor of the open transaction. */
  rows(select: string): AsyncIterable<(string | null)[][]>
  close(): Promise<void>
}

/** For people: passwords also come as parameters, so none of them is shown. */
export function labelOf(url: string): string {
  const parsed = URL.parse(url)
  return parsed ? `postgres://${parsed.host}${parsed.pathname}` : 'postgres://…'
}

/** @throws {MigrationRefused} with what the server says, here and of every query */
export async function connectForMigration(url: string): Promise<MigrationClient> {
  const refuse = (error: unknown): never => {
    if (error instanceof StoreRefused) throw error
    throw new MigrationRefused(`${labelOf(url)}: ${postgresReason(error)}.`, { exitCode: 2, cause: error })
  }
  const client = openClient(url, refuse)
  try {
    await client.connect()
    for (const setting of ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'])
      await client.query(`SET ${setting} = 0`)
    // Plans of one index scan each gain nothing by compilation.
    await client.query('SET jit = off')
  } catch (error) {
    await client.end().catch(() => {})
    refuse(error)
  }
  let cursors = 0

  async function query(text: string, values: readonly unknown[] = []): Promise<(string | null)[][]> {
    try {
      const { rows } = await client.query({ text, values: [...values], rowMode: 'array', types: AS_TEXT })
      return rows
    } catch (error) {
      return refuse(error)
    }
  }
  return {
    query,
    async *rows(select) {
      const name = `move_${cursors++}`
      await query(`DECLARE ${name} NO SCROLL CURSOR FOR ${select}`)
      for (;;) {
        const rows = await query(`FETCH ${FETCH} FROM ${name}`)
        if (rows.length > 0) yield rows
        if (rows.length < FETCH) break
      }
      await query(`CLOSE ${name}`)
    },
    close: () => client.end().catch(() => {})
  }
}

const AS_TEXT = { getTypeParser: () => (value: string) => value }

function openClient(url: string, refuse: (error: unknown) => never): pg.Client {
  try {
    const settings = { url, connectTimeoutMs: CONNECT_TIMEOUT_MS, statementTimeoutMs: 0 }
    // What is moved takes as long as it takes.
    const { query_timeout: _, ...config } = connectionOptions(settings)
    const client = new pg.Client(config)
    // One that is lost between two queries fails the next one.
    client.on('error', () => {})
    return client
  } catch (error) {
    return refuse(error)
  }
}
