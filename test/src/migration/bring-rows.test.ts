import { getTableColumns, getTableName } from 'drizzle-orm'
import fc from 'fast-check'
import t from 'tap'
import { bringRows } from '../../../src/migration/bring-rows.ts'
import {
  compareKeys,
  MOVABLE_TABLES,
  type MovableRow,
  type MovableTable
} from '../../../src/migration/movable-tables.ts'
import type { MigrationTarget, RowView } from '../../../src/migration/row-stores.ts'
import * as postgres from '../../../src/stores/postgres/schema.ts'
import { openKeyList } from '../../../src/stores/sqlite/key-list.ts'
import * as sqlite from '../../../src/stores/sqlite/schema.ts'

const TABLE: MovableTable = {
  name: 'names',
  keyColumns: 1,
  columns: [
    { name: 'id', kind: 'integer' },
    { name: 'name', kind: 'key' }
  ]
}

const unused = (): never => {
  throw new Error('not asked for')
}

async function* batches(rows: readonly MovableRow[], size: number) {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size)
}

/** Rows in memory, of which no two may have the same name, as the databases have it. */
function inMemory(initial: readonly MovableRow[], size: number) {
  const rows = new Map(initial.map((row) => [row[0], row]))
  const names = new Set(initial.map(([, name]) => name))
  const target: MigrationTarget = {
    label: '',
    claim: unused,
    count: unused,
    facts: unused,
    finish: unused,
    close: unused,
    read: () =>
      batches(
        [...rows.values()].sort((a, b) => compareKeys(TABLE, a, b)),
        size
      ),
    async insert(_table, added) {
      for (const row of added) {
        if (rows.has(row[0]) || names.has(row[1])) throw new Error(`${row} is there already`)
        rows.set(row[0], row)
        names.add(row[1])
      }
    },
    async remove(_table, keys) {
      for (const [key] of keys) {
        names.delete(rows.get(key)?.[1])
        if (!rows.delete(key)) throw new Error(`${key} is not there`)
      }
    }
  }
  return { target, rows: () => [...rows.values()].sort((a, b) => compareKeys(TABLE, a, b)) }
}

const viewOf = (rows: readonly MovableRow[], size: number): RowView => ({
  count: unused,
  facts: unused,
  readAvatars: unused,
  unfit: unused,
  close: unused,
  read: () => batches(rows, size),
  find: async (_table, keys) => rows.filter(([id]) => keys.some(([key]) => key === id))
})

/** Up to forty rows with few ids and fewer names, so that names wander between them. */
const someRows = fc
  .uniqueArray(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 0, max: 25 })), {
    selector: ([, name]) => name
  })
  .map((pairs) =>
    [...new Map(pairs).entries()]
      .map(([id, name]): MovableRow => [String(id), String(name)])
      .sort((a, b) => compareKeys(TABLE, a, b))
  )

t.test('whatever the target has, it has the source’s rows afterwards', async () => {
  await fc.assert(
    fc.asyncProperty(someRows, someRows, fc.integer({ min: 1, max: 7 }), async (source, before, size) => {
      const { target, rows } = inMemory(before, size)
      const work = { source: viewOf(source, size), target, openKeyList, onRows() {} }
      const { signal } = new AbortController()
      const brought = await bringRows(TABLE, { ...work, signal })
      const again = await bringRows(TABLE, { ...work, signal })
      return (
        JSON.stringify(rows()) === JSON.stringify(source) &&
        brought.rows === source.length &&
        again.written + again.removed === 0 &&
        again.sha256 === brought.sha256
      )
    }),
    { numRuns: 300 }
  )
})

t.test('a failure of the target is the failure of the work, and nothing is under way then', async (t) => {
  const { target } = inMemory([], 10)
  let underWay = 0
  const rows: MovableRow[] = Array.from({ length: 9000 }, (_, index) => [String(index), String(index)])
  const insert = async () => {
    underWay++
    await new Promise((resolve) => setImmediate(resolve))
    underWay--
    throw new Error('full')
  }
  const { signal } = new AbortController()
  await t.rejects(
    bringRows(TABLE, {
      source: viewOf(rows, 500),
      target: { ...target, insert },
      openKeyList,
      signal,
      onRows() {}
    }),
    { message: 'full' }
  )
  t.equal(underWay, 0)
})

t.test('keys are ordered as both databases order them', async (t) => {
  const texts: MovableRow[] = [['a'], ['b'], ['é'], ['\uffff'], ['😀']]
  const byText = MOVABLE_TABLES.find(({ name }) => name === 'refresh_tokens')
  if (!byText) throw new Error('no such table')
  for (const [index, key] of texts.entries())
    for (const [other, than] of texts.entries())
      t.equal(Math.sign(compareKeys(byText, key, than)), Math.sign(index - other))
  t.ok(compareKeys(TABLE, ['-2'], ['-1']) < 0)
  t.ok(compareKeys(TABLE, ['9'], ['10']) < 0)
  t.ok(compareKeys(TABLE, ['9223372036854775806'], ['9223372036854775807']) < 0)
})

t.test('all columns of all tables are moved', async (t) => {
  for (const [schema, besides] of [
    [sqlite, []],
    [postgres, ['name_key_rule', 'turns']]
  ] as const) {
    const tables = Object.values(schema)
      .filter((one) => typeof one === 'object')
      .map((table) => [
        getTableName(table),
        Object.values<{ name: string }>(getTableColumns(table))
          .map(({ name }) => name)
          .sort()
      ])
      .filter(([name]) => !besides.some((one) => one === name))
    t.strictSame(
      tables.sort(),
      MOVABLE_TABLES.map(({ name, columns }) => [name, columns.map((column) => column.name).sort()]).sort()
    )
  }
})
