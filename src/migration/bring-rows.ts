import { compareRows } from './compare-rows.ts'
import type { KeyList } from './key-list.ts'
import { keyOf, type MovableRow, type MovableTable } from './movable-tables.ts'
import type { MigrationTarget, RowView } from './row-stores.ts'
import type { TableDigest } from './table-digest.ts'

export interface BringWork {
  source: RowView
  target: MigrationTarget
  openKeyList(): KeyList
  signal: AbortSignal
  onRows(done: number): void
}

/** What came of a table: the source's rows, and how many of them had to be written. */
export interface BroughtTable extends TableDigest {
  written: number
  removed: number
}

const BATCH = 2000

/**
 * Makes a table of the target equal to the source's. Rows that differ are taken out before any is put in: what is left then
 * is a part of the source's view, so that no name of a new row is still somebody else's.
 */
export async function bringRows(table: MovableTable, work: BringWork): Promise<BroughtTable> {
  const { source, target, signal, onRows } = work
  const later = work.openKeyList()
  const writer = createWriter(table, work)
  let done = 0
  try {
    const digests = await compareRows(
      table,
      { source: source.read(table), target: target.read(table) },
      {
        read(rows) {
          signal.throwIfAborted()
          done += rows
          onRows(done)
        },
        missing(row, isLast) {
          if (isLast) return writer.insert(row)
          later.add(JSON.stringify(keyOf(table, row)))
        },
        extra: (row) => writer.remove(row),
        changed(row) {
          later.add(JSON.stringify(keyOf(table, row)))
          return writer.remove(row)
        }
      }
    )
    await writer.flush()
    for (let keys = later.take(BATCH); keys.length > 0; keys = later.take(BATCH)) {
      signal.throwIfAborted()
      for (const row of await source.find(table, keys.map(parseKey))) await writer.insert(row)
    }
    await writer.flush()
    return { ...digests.source, ...writer.counts }
  } finally {
    await writer.settled()
    later.close()
  }
}

const parseKey = (key: string): MovableRow => JSON.parse(key)

/** Writes some rows at a time, and one batch while the next is read. */
function createWriter(table: MovableTable, { target }: BringWork) {
  const counts = { written: 0, removed: 0 }
  let inserts: MovableRow[] = []
  let removals: MovableRow[] = []
  let underWay: Promise<void> = Promise.resolve()

  async function send(write: () => Promise<void>): Promise<void> {
    await underWay
    underWay = write()
    // It is awaited by the next.
    underWay.catch(() => {})
  }
  async function sendRemovals(): Promise<void> {
    const keys = removals
    removals = []
    counts.removed += keys.length
    if (keys.length > 0) await send(() => target.remove(table, keys))
  }
  async function sendInserts(): Promise<void> {
    await sendRemovals()
    const rows = inserts
    inserts = []
    counts.written += rows.length
    if (rows.length > 0) await send(() => target.insert(table, rows))
  }
  return {
    counts,
    insert(row: MovableRow): void | Promise<void> {
      if (inserts.push(row) >= BATCH) return sendInserts()
    },
    remove(row: MovableRow): void | Promise<void> {
      if (removals.push(keyOf(table, row)) >= BATCH) return sendRemovals()
    },
    async flush() {
      await sendInserts()
      await underWay
    },
    /** Also after a failure, nothing is under way any more. */
    settled: () => underWay.catch(() => {})
  }
}
