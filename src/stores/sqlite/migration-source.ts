import { setImmediate as nextTurn } from 'node:timers/promises'
import Database, { type Database as DatabaseConnection } from 'better-sqlite3'
import { MigrationRefused } from '../../migration/migration-refused.ts'
import type { MovableTable } from '../../migration/movable-tables.ts'
import type { DatabaseFacts, MigrationSource, RowView } from '../../migration/row-stores.ts'
import { allowWrites, clearMark, findMark, forbidWrites, setMark } from './migration-guard.ts'
import { createMovableRows } from './movable-rows.ts'
import { ownMigrations, readSchemaVersion } from './schema-version.ts'
import { isBusy } from './sqlite-errors.ts'

/** How long the lock is asked for in one go: signals are heard in between. */
const BLOCKING_MS = 100
const PAGE_CACHE_KIB = 65_536

interface Options {
  /** How long the lock of others is waited for. @default 5000 */
  busyTimeoutMs?: number
}

/**
 * `MigrationSource` over a SQLite file, beside the service, if that runs.
 * @throws {MigrationRefused} where its schema is another version's
 */
export function openSqliteSource(path: string, { busyTimeoutMs = 5000 }: Options = {}): MigrationSource {
  const connections = new Set<DatabaseConnection>()
  function connect(timeout: number): DatabaseConnection {
    const database = new Database(path, { fileMustExist: true, timeout })
    connections.add(database)
    database.pragma(`cache_size = -${PAGE_CACHE_KIB}`)
    database.pragma('synchronous = FULL')
    return database
  }
  function disconnect(database: DatabaseConnection): void {
    connections.delete(database)
    // What was not committed goes with it.
    database.close()
  }
  const main = connect(busyTimeoutMs)
  try {
    refuseOtherVersions(main, path)
  } catch (error) {
    main.close()
    throw error
  }

  return {
    label: `sqlite:${path}`,

    async openView() {
      const database = connect(busyTimeoutMs)
      database.exec('BEGIN')
      // A transaction's view is that of its first read.
      database.prepare('select 1 from users limit 1').get()
      return { ...viewOf(database), close: async () => disconnect(database) }
    },

    async lock(signal) {
      const database = connect(BLOCKING_MS)
      try {
        await beginWriting(database, busyTimeoutMs, signal)
      } catch (error) {
        disconnect(database)
        throw error
      }
      return {
        ...viewOf(database),
        async seal(movedTo) {
          if (!findMark(database)) {
            setMark(database, { state: 'moved', other: movedTo })
            forbidWrites(database)
          }
          database.exec('COMMIT')
        },
        close: async () => disconnect(database)
      }
    },

    async movedTo() {
      const mark = findMark(main)
      if (mark?.state === 'arriving')
        throw new MigrationRefused(
          `${path} is itself on its way from ${mark.other}: that move has to end first.`
        )
      return mark?.other
    },

    async unseal() {
      return main
        .transaction(() => {
          if (findMark(main)?.state !== 'moved') return false
          allowWrites(main)
          clearMark(main)
          return true
        })
        .immediate()
    },

    async close() {
      for (const database of connections) disconnect(database)
    }
  }
}

function viewOf(database: DatabaseConnection): Omit<RowView, 'close'> {
  const rows = createMovableRows(database)
  const count = (table: MovableTable) =>
    Number(database.prepare(`select count(*) from ${table.name}`).pluck().get())
  return {
    count: async (table) => count(table),
    async *read(table) {
      for (let after: bigint | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
        const page = rows.page(table, after)
        yield page.rows
        after = page.last
        // Reading blocks the thread: others have their turn between two pages.
        await nextTurn()
      }
    },
    find: async (table, keys) => rows.find(table, keys),
    async *readAvatars() {
      const page = database
        .prepare<[string], string>(
          `select distinct avatar from users where avatar is not null and avatar > ? order by avatar limit 500`
        )
        .pluck()
      for (let names = page.all(''); names.length > 0; names = page.all(names.at(-1) ?? '')) yield names
    },
    facts: async () => readFacts(database),
    unfit: rows.unfit
  }
}

export function readFacts(database: DatabaseConnection): DatabaseFacts {
  const lastUserId = Number(
    database
      .prepare(
        "select max((select ifnull(max(id), 0) from users), ifnull((select seq from sqlite_sequence where name = 'users'), 0))"
      )
      .pluck()
      .get()
  )
  return { lastUserId, nameKeyRule: Number(database.pragma('user_version', { simple: true })) }
}

async function beginWriting(
  database: DatabaseConnection,
  withinMs: number,
  signal: AbortSignal
): Promise<void> {
  for (const until = performance.now() + withinMs; ; await nextTurn()) {
    signal.throwIfAborted()
    try {
      database.exec('BEGIN IMMEDIATE')
      return
    } catch (error) {
      if (!isBusy(error)) throw error
      if (performance.now() > until)
        throw new MigrationRefused('Another process kept the database locked; try again.', { exitCode: 2 })
    }
  }
}

function refuseOtherVersions(database: DatabaseConnection, path: string): void {
  const own = ownMigrations()
  const tables = database.prepare("select 1 from sqlite_schema where name = '__drizzle_migrations'").get()
  if (!tables) throw new MigrationRefused(`${path} is no database of this service.`)
  const { migrations, newest } = readSchemaVersion(database)
  if (migrations > own.length || newest > (own.at(-1) ?? 0))
    throw new MigrationRefused(`${path} was last used by a newer version: move it with that one.`)
  if (migrations < own.length)
    throw new MigrationRefused(
      `${path} was last used by an older version: start the service of this one on it once.`
    )
}
