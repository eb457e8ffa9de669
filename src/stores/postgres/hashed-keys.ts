import { HASHED_KEY, keyOf, type MovableRow, type MovableTable } from '../../migration/movable-tables.ts'
import type { UnfitRow } from '../../migration/row-stores.ts'
import { identityKey } from '../../users/identity.ts'
import { keyText } from './texts.ts'

const MAX_NOTED = 1000

/**
 * Notes rows of which PostgreSQL has only a long key's hash, and that a file could not be given back: ids of tokens or of
 * users elsewhere. Keys of names are made anew.
 */
export function createHashedKeys() {
  const noted: UnfitRow[] = []
  let more = 0

  function isFit(table: MovableTable, row: MovableRow): boolean {
    const at = table.columns.findIndex(({ name, kind }, index) => {
      const text = kind === 'key' ? (row[index] ?? '') : ''
      return (
        text.startsWith(HASHED_KEY) &&
        !isKeyOf(row[table.columns.findIndex((one) => `${one.name}_key` === name)], text)
      )
    })
    const column = table.columns[at]
    if (!column) return true
    const key = keyOf(table, row).map(String)
    if (noted.length < MAX_NOTED)
      noted.push({
        table: table.name,
        key,
        column: column.name,
        reason: 'is so long that only its hash was kept'
      })
    else more++
    return false
  }

  return {
    leaveOut: (table: MovableTable, rows: MovableRow[]) => rows.filter((row) => isFit(table, row)),
    unfit: () => ({ rows: noted as readonly UnfitRow[], more })
  }
}

const isKeyOf = (name: string | null | undefined, key: string) =>
  typeof name === 'string' && keyText(identityKey(name)) === key
