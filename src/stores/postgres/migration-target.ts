import { MigrationRefused } from '../../migration/migration-refused.ts'
import { MOVABLE_TABLES } from '../../migration/movable-tables.ts'
import type { MigrationTarget } from '../../migration/row-stores.ts'
import { connectForMigration, labelOf } from './migration-client.ts'
import { clearMark, findMark, setMark, takePass } from './migration-guard.ts'
import { makeSchema, refuseOtherVersions } from './migration-schema.ts'
import { countRows } from './migration-source.ts'
import {
  byColumns,
  deleteByKeys,
  insertAll,
  keysByColumns,
  readFacts,
  selectAll,
  unescapeRows,
  writeFacts
} from './movable-rows.ts'

/** Any number: of those who hold it there is one a database. */
const ONE_MOVER = 7_355_608
const NAMES = MOVABLE_TABLES.map(({ name }) => name).join(', ')

/** `MigrationTarget` over PostgreSQL. @throws {MigrationRefused} */
export async function openPostgresTarget(url: string): Promise<MigrationTarget> {
  const label = labelOf(url)
  const main = await connectForMigration(url)
  try {
    const [[isOnly] = []] = await main.query('SELECT pg_try_advisory_lock($1)', [ONE_MOVER])
    if (isOnly !== 't') throw new MigrationRefused(`Another move to ${label} is under way.`)
    await takePass(main)
    // What a crash of the server takes back is brought again; the last commit takes everything before it along.
    await main.query('SET synchronous_commit = off')
  } catch (error) {
    await main.close()
    throw error
  }
  async function inTransaction(work: () => Promise<void>): Promise<void> {
    await main.query('BEGIN')
    try {
      await main.query('SET LOCAL synchronous_commit = on')
      await work()
      await main.query('COMMIT')
    } catch (error) {
      await main.query('ROLLBACK').catch(() => {})
      throw error
    }
  }

  return {
    label,

    async claim(source) {
      const mark = await findMark(main)
      if (mark?.state === 'moved') throw new MigrationRefused(`${label} was itself moved to ${mark.other}.`)
      if (mark && mark.other !== source)
        throw new MigrationRefused(`${label} holds a part of ${mark.other}: it has to be emptied first.`)
      if (!mark) await makeSchema(url)
      await refuseOtherVersions(main, label)
      if (mark) return true
      let isEmpty = true
      await inTransaction(async () => {
        // Whoever is writing ends first, and is seen.
        await main.query(`LOCK TABLE ${NAMES} IN SHARE ROW EXCLUSIVE MODE`)
        for (const { name } of MOVABLE_TABLES)
          if ((await main.query(`SELECT 1 FROM ${name} LIMIT 1`)).length > 0) isEmpty = false
        if (isEmpty) await setMark(main, { state: 'arriving', other: source })
      })
      return isEmpty
    },

    count: (table) => countRows(main, table),

    async *read(table) {
      const client = await connectForMigration(url)
      try {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
        for await (const rows of client.rows(selectAll(table))) yield unescapeRows(table, rows)
      } finally {
        await client.close()
      }
    },

    async insert(table, rows) {
      await main.query(insertAll(table), byColumns(table.columns, rows))
    },

    async remove(table, keys) {
      await main.query(deleteByKeys(table), keysByColumns(table, keys))
    },

    facts: () => readFacts(main),

    finish: (facts) =>
      inTransaction(async () => {
        await writeFacts(main, facts)
        await clearMark(main)
      }),

    close: () => main.close()
  }
}
