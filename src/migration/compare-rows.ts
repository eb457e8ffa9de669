import { compareKeys, type MovableRow, type MovableTable } from './movable-tables.ts'
import { createTableDigest, type TableDigest } from './table-digest.ts'

type Told = void | Promise<void>
type Side = MovableRow | undefined

export interface Differences {
  /** A row of the source that is not in the target. `isLast`: nor is any that follows. */
  missing(row: MovableRow, isLast: boolean): Told
  /** A row of the target that is not in the source. */
  extra(row: MovableRow): Told
  changed(source: MovableRow, target: MovableRow): Told
  /** After each batch of the source. */
  read?(rows: number): void
}

/** Rows of a table from two sides, each in the order of its keys, side by side and never more than a batch of them. */
export async function compareRows(
  table: MovableTable,
  batches: { source: AsyncIterable<MovableRow[]>; target: AsyncIterable<MovableRow[]> },
  differences: Differences
): Promise<{ source: TableDigest; target: TableDigest }> {
  const source = createReader(batches.source, differences.read)
  const target = createReader(batches.target)
  function tell(ours: Side, theirs: Side, order: number, isSame: boolean): Told {
    if (ours && order < 0) return differences.missing(ours, !theirs)
    if (theirs && order > 0) return differences.extra(theirs)
    if (ours && theirs && !isSame) return differences.changed(ours, theirs)
  }
  const digests = { source: createTableDigest(), target: createTableDigest() }
  try {
    for (;;) {
      if (source.isEmpty()) await source.load()
      if (target.isEmpty()) await target.load()
      const [ours, theirs] = [source.current(), target.current()]
      if (!ours && !theirs) break
      const order = !ours ? 1 : !theirs ? -1 : compareKeys(table, ours, theirs)
      const line = ours && order <= 0 ? JSON.stringify(ours) : ''
      const other = theirs && order >= 0 ? JSON.stringify(theirs) : ''
      if (ours && order <= 0) {
        digests.source.add(line)
        source.advance()
      }
      if (theirs && order >= 0) {
        digests.target.add(other)
        target.advance()
      }
      const told = tell(ours, theirs, order, line === other)
      if (told) await told
    }
  } finally {
    await Promise.all([source.end(), target.end()])
  }
  return { source: digests.source.digest(), target: digests.target.digest() }
}

function createReader(batches: AsyncIterable<MovableRow[]>, onBatch?: (rows: number) => void) {
  const iterator = batches[Symbol.asyncIterator]()
  let batch: MovableRow[] = []
  let at = 0
  let ended = false
  return {
    isEmpty: () => at === batch.length && !ended,
    current: (): MovableRow | undefined => batch[at],
    advance() {
      at++
    },
    async load() {
      at = 0
      batch = []
      while (batch.length === 0 && !ended) {
        const next = await iterator.next()
        if (next.done) ended = true
        else batch = next.value
      }
      if (batch.length > 0) onBatch?.(batch.length)
    },
    end: async () => void (await iterator.return?.())
  }
}
