import { MigrationRefused } from '../../migration/migration-refused.ts'
import { MOVABLE_TABLES, type MovableTable } from '../../migration/movable-tables.ts'
import type { MigrationSource, RowView } from '../../migration/row-stores.ts'
import { createHashedKeys } from './hashed-keys.ts'
import { connectForMigration, labelOf, type MigrationClient } from './migration-client.ts'
import { clearMark, findMark, setMark } from './migration-guard.ts'
import { refuseOtherVersions } from './migration-schema.ts'
import { keysByColumns, readFacts, selectAll, selectByKeys, unescapeRows } from './movable-rows.ts'
import { unescapeText } from './texts.ts'

const LOCK_WITHIN_MS = 10_000
const NAMES = MOVABLE_TABLES.map(({ name }) => name).join(', ')
const LOCK = `LOCK TABLE ${NAMES} IN SHARE ROW EXCLUSIVE MODE`

/** `MigrationSource` over PostgreSQL, beside the services, if they run. @throws {MigrationRefused} */
export async function openPostgresSource(url: string): Promise<MigrationSource> {
  const label = labelOf(url)
  const clients = new Set<MigrationClient>()
  async function connect(): Promise<MigrationClient> {
    const client = await connectForMigration(url)
    clients.add(client)
    return client
  }
  async function disconnect(client: MigrationClient): Promise<void> {
    clients.delete(client)
    await client.close()
  }
  const main = await connect()
  try {
    await refuseOtherVersions(main, label)
  } catch (error) {
    await disconnect(main)
    throw error
  }

  return {
    label,

    async openView() {
      const client = await connect()
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      return { ...viewOf(client), close: () => disconnect(client) }
    },

    async lock() {
      const client = await connect()
      try {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
        await client.query(`SET LOCAL lock_timeout = ${LOCK_WITHIN_MS}`)
        // The view is that of the first query after it.
        await client.query(LOCK)
      } catch (error) {
        await disconnect(client)
        throw error
      }
      return {
        ...viewOf(client),
        async seal(movedTo) {
          if (!(await findMark(client))) await setMark(client, { state: 'moved', other: movedTo })
          await client.query('COMMIT')
        },
        close: () => disconnect(client)
      }
    },

    async movedTo() {
      const mark = await findMark(main)
      if (mark?.state === 'arriving')
        throw new MigrationRefused(
          `${label} is itself on its way from ${mark.other}: that move has to end first.`
        )
      return mark?.other
    },

    async unseal() {
      if ((await findMark(main))?.state !== 'moved') return false
      await main.query('BEGIN')
      await clearMark(main)
      await main.query('COMMIT')
      return true
    },

    async close() {
      await Promise.all([...clients].map(disconnect))
    }
  }
}

export async function countRows(client: MigrationClient, { name }: MovableTable): Promise<number> {
  const [[count] = []] = await client.query(`SELECT count(*) FROM ${name}`)
  return Number(count)
}

function viewOf(client: MigrationClient): Omit<RowView, 'close'> {
  const hashed = createHashedKeys()
  return {
    count: (table) => countRows(client, table),
    async *read(table) {
      for await (const rows of client.rows(selectAll(table)))
        yield hashed.leaveOut(table, unescapeRows(table, rows))
    },
    async find(table, keys) {
      const rows = await client.query(selectByKeys(table), keysByColumns(table, keys))
      return unescapeRows(table, rows)
    },
    async *readAvatars() {
      const names =
        'SELECT avatar FROM users WHERE avatar IS NOT NULL GROUP BY avatar ORDER BY avatar COLLATE "C"'
      for await (const rows of client.rows(names))
        yield rows.flatMap(([name]) => (typeof name === 'string' ? unescapeText(name) : []))
    },
    facts: () => readFacts(client),
    unfit: hashed.unfit
  }
}
