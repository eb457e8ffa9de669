import type { ComponentChildren } from 'preact'
import { useNarrow } from './use-narrow.ts'

/** The first column is what a row is called by. */
export interface Column<Row> {
  name: string
  header: string
  cell(row: Row): ComponentChildren
  /** A number, or a text that may be long and have no spaces, such as a name. */
  kind?: 'number' | 'long'
  /** Whether there is nothing to say of a row, so that its card does without. */
  isBlank?(row: Row): boolean
}

interface ListingProps<Row> {
  /** What the rows are, for those who hear it. */
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf(row: Row): string | number
  isDimmed?(row: Row): boolean
  isBusy?: boolean
  /** A row's card, where its columns one below the other would be too long. */
  card?(row: Row): ComponentChildren
}

/** Rows of facts: a table where there is room for one, and a list of cards on a phone. */
export function Listing<Row>(props: ListingProps<Row>) {
  return useNarrow() ? <Cards {...props} /> : <Table {...props} />
}

function Table<Row>({ caption, columns, rows, keyOf, isDimmed, isBusy = false }: ListingProps<Row>) {
  return (
    <table aria-busy={isBusy} class="listing">
      <caption class="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ name, header, kind }) => (
            <th key={name} scope="col" class={kind}>
              {header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} class={isDimmed?.(row) ? 'dimmed' : undefined}>
            {columns.map(({ name, cell, kind }, place) =>
              place === 0 ? (
                <th key={name} scope="row" class={kind}>
                  {cell(row)}
                </th>
              ) : (
                <td key={name} class={kind}>
                  {cell(row)}
                </td>
              )
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cards<Row>({ caption, columns, rows, keyOf, isDimmed, isBusy = false, card }: ListingProps<Row>) {
  return (
    <ul aria-label={caption} aria-busy={isBusy} class="cards">
      {rows.map((row) => (
        <li key={keyOf(row)} class={isDimmed?.(row) ? 'dimmed' : undefined}>
          {card ? card(row) : <ColumnCard row={row} columns={columns} />}
        </li>
      ))}
    </ul>
  )
}

function ColumnCard<Row>({ row, columns }: { row: Row; columns: readonly Column<Row>[] }) {
  const [first, ...others] = columns
  return (
    <>
      <div class="card-title">{first?.cell(row)}</div>
      <dl>
        {others
          .filter(({ isBlank }) => !isBlank?.(row))
          .map(({ name, header, cell }) => (
            <div key={name}>
              <dt>{header}</dt>
              <dd>{cell(row)}</dd>
            </div>
          ))}
      </dl>
    </>
  )
}
