import { compareRows } from './compare-rows.ts'
import { keyOf, MOVABLE_TABLES, type MovableRow } from './movable-tables.ts'
import type { PictureMover } from './move-pictures.ts'
import type { MigrationSource, MigrationTarget } from './row-stores.ts'
import type { TableDigest } from './table-digest.ts'

export interface VerifiedTable {
  table: string
  source: TableDigest
  target: TableDigest
  /** Keys of some rows that differ, or that only one of them has. */
  differing: readonly (readonly (string | null)[])[]
}

interface VerifyWork {
  source: MigrationSource
  target: MigrationTarget
  pictures: PictureMover | undefined
  signal: AbortSignal
  onRows(done: number): void
}

const MAX_NAMED = 20

/** Compares both sides, each as it is at one instant, and changes nothing. */
export async function verifyMigration(work: VerifyWork): Promise<VerifiedTable[]> {
  const { source, target, pictures, signal, onRows } = work
  const view = await source.openView()
  try {
    const verified: VerifiedTable[] = []
    let done = 0
    for (const table of MOVABLE_TABLES) {
      const differing: MovableRow[] = []
      const note = (row: MovableRow) => {
        if (differing.length < MAX_NAMED) differing.push(keyOf(table, row))
      }
      const digests = await compareRows(
        table,
        { source: view.read(table), target: target.read(table) },
        {
          missing: note,
          extra: note,
          changed: note,
          read(rows) {
            signal.throwIfAborted()
            done += rows
            onRows(done)
          }
        }
      )
      verified.push({ table: table.name, ...digests, differing })
    }
    await pictures?.move(view.readAvatars(), signal)
    return verified
  } finally {
    await view.close()
  }
}
