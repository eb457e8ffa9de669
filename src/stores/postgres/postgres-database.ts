import pg from 'pg'
import { errors } from '../../errors.ts'
import type { PoolStats } from '../../telemetry/telemetry.ts'
import {
  endsConnection,
  isOutdated,
  isUndone,
  isUniqueViolation,
  translatePostgresError
} from './postgres-errors.ts'
import { createServerGate } from './server-gate.ts'
import type { Statement, Values } from './statement.ts'
import { unescapeText } from './texts.ts'

/** Runs a statement, and answers its rows. */
export type Run = <Row>(statement: Statement<Row>, values?: Values) => Promise<Row[]>

/**
 * Connections to one database, a bounded number of them. What they throw is as `translatePostgresError` has it; violations of
 * constraints come as they are, and leave nothing written.
 */
export interface PostgresDatabase {
  /** One statement, which is a transaction of its own: it happens whole or not at all. */
  run: Run
  /** The first row of what a statement answers. */
  runOne<Row>(statement: Statement<Row>, values?: Values): Promise<Row | undefined>
  /** Statements that happen together or not at all; each sees what was committed before it. May be run twice. */
  transaction<T>(work: (run: Run) => Promise<T>): Promise<T>
  /** Work that has yet to run its statements: `close` waits for it. */
  track<T>(work: Promise<T>): Promise<T>
  stats(): PoolStats
  /** Ends once all that was begun has ended. */
  close(): Promise<void>
}

/** As many requests may wait for each connection; past them there are 503s at once. */
const WAITING_PER_CONNECTION = 100

/** For how long an unused connection is kept. */
const IDLE_MS = 60_000

/** Units that are undone by a conflict, or not begun because of an outdated statement, are tried so often. */
const TRIES = 3

const { builtins } = pg.types

/** How columns are read, where the driver has it otherwise: it takes no `bigint` for a number. */
const TYPES = {
  getTypeParser(type: number, format?: 'text' | 'binary') {
    if (type === builtins.INT8) return Number
    if (type === builtins.TEXT) return unescapeText
    return pg.types.getTypeParser(type, format)
  }
}

export function openPool(config: pg.ClientConfig, poolSize: number): PostgresDatabase {
  const pool = new pg.Pool({ ...config, max: poolSize, idleTimeoutMillis: IDLE_MS })
  const gate = createServerGate(async () => (await pool.connect()).release())
  // A connection that is lost while nobody uses it has left the pool already; one that is in use fails its query.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const underWay = new Set<Promise<unknown>>()

  async function connect(): Promise<pg.PoolClient> {
    gate.pass()
    if (pool.waitingCount >= poolSize * WAITING_PER_CONNECTION) throw errors.overloaded()
    try {
      return await pool.connect()
    } catch (error) {
      if (pool.totalCount === 0) gate.close(error)
      throw error
    }
  }

  async function withClient<T>(use: Use<T>, prepared: boolean): Promise<T> {
    const client = await connect()
    try {
      const result = await use(client, prepared)
      client.release()
      return result
    } catch (error) {
      client.release(endsConnection(error))
      throw error
    }
  }

  async function attempt<T>(use: Use<T>): Promise<T> {
    let prepared = true
    for (let left = TRIES; ; left--) {
      try {
        return await withClient(use, prepared)
      } catch (error) {
        // The other connections' statements are outdated too.
        prepared &&= !isOutdated(error)
        if (left > 1 && (isUndone(error) || isOutdated(error))) continue
        throw translatePostgresError(error)
      }
    }
  }

  function track<T>(work: Promise<T>): Promise<T> {
    underWay.add(work)
    const done = () => void underWay.delete(work)
    work.then(done, done)
    return work
  }

  const run: Run = (statement, values) =>
    track(attempt((client, prepared) => execute(client, prepared, statement, values)))

  return {
    run,
    runOne: async (statement, values) => (await run(statement, values))[0],
    transaction: (work) => track(attempt((client, prepared) => inTransaction(client, prepared, work))),
    track,
    stats: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    async close() {
      gate.stop()
      // What was begun may run statements that are yet to be begun.
      while (underWay.size > 0) await Promise.allSettled(underWay)
      await pool.end()
    }
  }
}

/** @param prepared whether statements are prepared by their names */
type Use<T> = (client: pg.PoolClient, prepared: boolean) => Promise<T>

async function execute<Row>(
  client: pg.PoolClient,
  prepared: boolean,
  { name, text, bind, read }: Statement<Row>,
  values: Values = {}
): Promise<Row[]> {
  const { rows } = await client.query<unknown[]>({
    ...(prepared && { name }),
    text,
    values: bind(values),
    rowMode: 'array',
    types: TYPES
  })
  return rows.map(read)
}

async function inTransaction<T>(
  client: pg.PoolClient,
  prepared: boolean,
  work: (run: Run) => Promise<T>
): Promise<T> {
  // Whatever the server's default is: a statement that had to wait for a row sees it as it is then.
  await client.query('begin isolation level read committed')
  try {
    const result = await work((statement, values) => execute(client, prepared, statement, values))
    await client.query('commit')
    return result
  } catch (error) {
    if (!endsConnection(error)) await client.query('rollback')
    throw error
  }
}

/**
 * Runs a write again where a unique index refused it, but nobody has what it refused: they were given up meanwhile.
 * @param explain what there is instead of the write; undefined where nothing is in its way any more
 */
export async function guardUnique<T>(
  write: () => Promise<T>,
  explain: () => Promise<T | undefined>
): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await write()
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      const instead = await explain()
      if (instead !== undefined) return instead
      if (left === 1) throw errors.unavailable(error)
    }
  }
}
