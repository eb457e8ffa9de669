import type { SQL } from 'drizzle-orm'
import { is, Param, PgCustomColumn, PgDialect, Placeholder } from './drizzle.ts'
import { escapeText } from './texts.ts'

/** What placeholders stand for, by their names. */
export type Values = Record<string, unknown>

/** A statement that each connection prepares once, by its name. */
export interface Statement<Row> {
  name: string
  text: string
  /** In the order of `$1`, `$2`, … */
  bind(values: Values): unknown[]
  read(row: unknown[]): Row
}

type Decode = (value: unknown) => unknown

interface Query {
  toSQL(): { sql: string; params: unknown[] }
}

/** The type of what a query of Drizzle's answers, row by row. */
type RowOf<Built> = Built extends PromiseLike<(infer Row)[]> ? Row : never

/**
 * Prepares what Drizzle built. Its own prepared queries look at every parameter and column anew on each run, which takes
 * longer than the driver does.
 * @param fields what was selected or returned, in its order; none where only the count of rows matters
 */
export const prepare = <Built extends Query>(
  name: string,
  query: Built,
  fields: Record<string, unknown> = {}
): Statement<RowOf<Built>> => build(name, query.toSQL(), fields)

const dialect = new PgDialect()

/** Prepares what is written in SQL, with names of columns and placeholders of Drizzle's. */
export const prepareSql = <Row>(name: string, query: SQL, fields: Record<string, unknown>): Statement<Row> =>
  build(name, dialect.sqlToQuery(query), fields)

function build<Row>(
  name: string,
  { sql, params }: { sql: string; params: unknown[] },
  fields: Record<string, unknown>
): Statement<Row> {
  const names = params.map((param) => {
    const value = is(param, Param) ? param.value : param
    if (is(value, Placeholder)) return String(value.name)
    throw new Error(`a fixed value in a prepared statement: ${sql}`)
  })
  const columns = Object.entries(fields).map(([key, field]): [string, Decode | undefined] => [
    key,
    is(field, PgCustomColumn) ? (value) => field.mapFromDriverValue(value) : undefined
  ])
  return {
    name,
    text: sql,
    bind: (values) => names.map((one) => toDriver(values[one])),
    read(row) {
      const object: Record<string, unknown> = {}
      for (const [index, [key, decode]] of columns.entries()) {
        const value = row[index]
        object[key] = decode && value !== null ? decode(value) : value
      }
      return object as Row
    }
  }
}

function toDriver(value: unknown): unknown {
  if (typeof value === 'string') return escapeText(value)
  return Array.isArray(value) ? value.map(toDriver) : value
}
