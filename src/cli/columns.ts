/** A longer text pushes the rest of its own line aside, not that of every line. */
const MAX_WIDTH = 40

/** How wide the columns of a table are, in code points, so that its rows stand below each other. */
export function measureColumns(rows: readonly string[][]): number[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      const width = Math.min(MAX_WIDTH, lengthOf(cell))
      widths[column] = Math.max(widths[column] ?? 0, width)
    }
  }
  return widths
}

/** A row as a line, its cells padded to the widths. */
export const columnLine = (row: readonly string[], widths: readonly number[]): string =>
  `${row
    .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - lengthOf(cell))))
    .join('  ')
    .trimEnd()}\n`

const lengthOf = (text: string) => [...text].length
