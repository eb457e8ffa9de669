import type { Statement } from 'better-sqlite3'
import {
  type DjangoSource,
  SourceError,
  type SourceTable,
  type SourceToken,
  type SourceUser,
  type UserTable
} from '../../django/django-source.ts'
import { MAX_TEXT, MAX_USER_ID, USER_FIELDS, type UserField } from '../../django/user-fields.ts'
import { quoteIdentifier } from './quote-identifier.ts'
import { openSnapshot } from './sqlite-file.ts'

/** Four bytes are the most that a code point takes. What is longer is cut, to be known as too long; NULs stay in it. */
const MAX_BYTES = 4 * MAX_TEXT
const CUT_BYTES = MAX_BYTES + 16

const TOKENS = 'token_blacklist_outstandingtoken'
const BLACKLIST = 'token_blacklist_blacklistedtoken'

type Page<Row> = Statement<[number, number], Row>

/** `DjangoSource` over a SQLite file. @throws {SourceError} */
export function openSqliteSource(path: string): DjangoSource {
  const { database, close } = translating(() => openSnapshot(path))
  const pages = new Map<string, Page<unknown>>()

  function page<Row>(sql: string): Page<Row> {
    const prepared = pages.get(sql) ?? database.prepare<[number, number], unknown>(sql)
    pages.set(sql, prepared)
    return prepared as Page<Row>
  }
  const read = async <T>(work: () => T): Promise<T> => translating(work)
  const pluck = <T>(sql: string, ...parameters: (string | number)[]) =>
    database
      .prepare<(string | number)[], T>(sql)
      .pluck()
      .get(...parameters)
  const hasTable = (name: string) =>
    pluck<number>('SELECT 1 FROM sqlite_schema WHERE name = ?', name) !== undefined

  return {
    listTables: () =>
      read(() =>
        database
          .prepare<[], { name: string; columns: string }>(
            `SELECT schema.name, json_group_array(info.name) AS columns
             FROM sqlite_schema AS schema, pragma_table_xinfo(schema.name) AS info
             WHERE schema.type IN ('table', 'view') AND schema.name NOT LIKE 'sqlite~_%' ESCAPE '~'
             GROUP BY schema.name ORDER BY schema.name`
          )
          .all()
          .map(
            ({ name, columns }): SourceTable => ({ schema: undefined, name, columns: JSON.parse(columns) })
          )
      ),

    countUsers: (table) =>
      read(() => {
        const { name, id } = quoted(table)
        const type = pluck<string>(`SELECT typeof(${id}) FROM ${name} LIMIT 1`)
        if (type !== undefined && type !== 'integer')
          throw new SourceError(
            `the ids in ${table.name}.${table.columns.id} are no whole numbers, such as UUIDs: tokens and addresses of this service can't name such users`
          )
        return pluck<number>(`SELECT count(*) FROM ${name}`) ?? 0
      }),

    listUsers: (table, after, limit) =>
      read(() => {
        const { name, id } = quoted(table)
        const columns = USER_FIELDS.map((field) => `${selected(table, field)} AS ${field}`)
        const sql = `SELECT ${id} AS id, ${columns.join(', ')} FROM ${name} WHERE ${id} > ? AND ${id} <= ${MAX_USER_ID} ORDER BY ${id} LIMIT ?`
        return withoutAbsent(table, page<SourceUser>(sql).all(after, limit))
      }),

    listStrangeIds: (table, skip, limit) =>
      read(() => {
        const { name, id } = quoted(table)
        return page<string>(
          `SELECT coalesce(substr(CAST(${id} AS TEXT), 1, 100), 'null') FROM ${name}
           WHERE ${id} IS NULL OR ${id} NOT BETWEEN 1 AND ${MAX_USER_ID} ORDER BY ${id} LIMIT ? OFFSET ?`
        )
          .pluck()
          .all(limit, skip)
      }),

    hasAvatars: (table) =>
      read(() => {
        if (table.columns.avatar === undefined) return false
        const avatar = quoteIdentifier(table.columns.avatar)
        return (
          pluck<number>(`SELECT 1 FROM ${quoted(table).name} WHERE ${avatar} <> '' LIMIT 1`) !== undefined
        )
      }),

    lastUserId: (table) =>
      read(() => {
        const { name, id } = quoted(table)
        const last =
          pluck<number>(`SELECT max(${id}) FROM ${name} WHERE ${id} BETWEEN 1 AND ${MAX_USER_ID}`) ?? 0
        if (!hasTable('sqlite_sequence')) return last
        const given = pluck<number>('SELECT seq FROM sqlite_sequence WHERE name = ?', table.name) ?? 0
        return Math.max(last, Number.isSafeInteger(given) ? given : 0)
      }),

    countTokens: () =>
      read(() => {
        if (!hasTable(TOKENS) || !hasTable(BLACKLIST)) return undefined
        return database
          .prepare<[], { count: number; lastUserId: number }>(
            `SELECT count(*) AS count, coalesce(max(user_id) FILTER (WHERE user_id BETWEEN 1 AND ${MAX_USER_ID}), 0) AS lastUserId FROM ${TOKENS}`
          )
          .get()
      }),

    listTokens: (_table, after, limit) =>
      read(() =>
        page<Omit<SourceToken, 'isBlacklisted'> & { isBlacklisted: number }>(
          `SELECT id, jti, user_id AS userId, created_at AS createdAt, expires_at AS expiresAt,
             EXISTS (SELECT 1 FROM ${BLACKLIST} WHERE token_id = ${TOKENS}.id) AS isBlacklisted
           FROM ${TOKENS} WHERE id > ? ORDER BY id LIMIT ?`
        )
          .all(after, limit)
          .map((token) => ({ ...token, isBlacklisted: token.isBlacklisted === 1 }))
      ),

    async close() {
      close()
    }
  }
}

const quoted = ({ name, columns }: UserTable) => ({
  name: quoteIdentifier(name),
  id: quoteIdentifier(columns.id)
})

function selected(table: UserTable, field: UserField): string {
  const column = table.columns[field]
  if (column === undefined) return 'NULL'
  const name = quoteIdentifier(column)
  return `iif(octet_length(${name}) > ${MAX_BYTES}, CAST(substr(CAST(${name} AS BLOB), 1, ${CUT_BYTES}) AS TEXT), ${name})`
}

/** A field without a column is undefined, where one with an empty column is null. */
function withoutAbsent(table: UserTable, users: SourceUser[]): SourceUser[] {
  const absent = USER_FIELDS.filter((field) => table.columns[field] === undefined)
  for (const user of users) for (const field of absent) user[field] = undefined
  return users
}

function translating<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof SourceError || !(error instanceof Error)) throw error
    throw new SourceError(error.message, { cause: error })
  }
}
