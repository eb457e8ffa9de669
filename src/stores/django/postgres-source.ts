import pg from 'pg'
import {
  type DjangoSource,
  SourceError,
  type SourceTable,
  type SourceToken,
  type SourceUser,
  type UserTable
} from '../../django/django-source.ts'
import { MAX_TEXT, MAX_USER_ID, USER_FIELDS } from '../../django/user-fields.ts'
import { postgresReason } from './postgres-reason.ts'
import { quoteIdentifier } from './quote-identifier.ts'

const TOKENS = 'token_blacklist_outstandingtoken'
const BLACKLIST = 'token_blacklist_blacklistedtoken'

/** What Django's integer keys are in PostgreSQL; `numeric` is none of them. */
const WHOLE_NUMBERS = new Set(['smallint', 'integer', 'bigint'])

const CONNECT_TIMEOUT_MS = 15_000

interface Column {
  schema: string
  table: string
  column: string
  type: string
  /** Whether the table is found without its schema. */
  visible: boolean
}

/** Tables that a user can have made, with their columns in their order. */
const COLUMNS = `
  SELECT n.nspname AS schema, c.relname AS table, a.attname AS column, format_type(a.atttypid, NULL) AS type,
         pg_table_is_visible(c.oid) AS visible
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'pg\\_%'
  ORDER BY n.nspname, c.relname, a.attnum`

/**
 * `DjangoSource` over PostgreSQL, in one transaction that sees what was committed before it.
 * @param url as `pg` takes it, with `sslmode` and the like; what it doesn't say, `PGPASSWORD` and its kin do
 * @throws {SourceError}
 */
export async function openPostgresSource(url: string): Promise<DjangoSource> {
  const client = await connect(url)
  const query = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> => {
    try {
      return (await client.query<Row>({ text, values })).rows
    } catch (error) {
      throw new SourceError(postgresReason(error), { cause: error })
    }
  }
  const typesOf = new Map<string, string>()

  /** How a column is read: times as text in UTC, the rest as text, cut off where it is far too long. */
  function selected(table: UserTable, column: string): string {
    const name = quoteIdentifier(column)
    if (typesOf.get(columnId(table, column))?.startsWith('timestamp')) return textOfTime(name)
    return `left(${name}::text, ${MAX_TEXT + 1})`
  }

  return {
    async listTables() {
      const tables = new Map<string, SourceTable & { columns: string[] }>()
      for (const { schema, table, column, type, visible } of await query<Column>(COLUMNS)) {
        const found = { schema: visible ? undefined : schema, name: table, columns: [] }
        const key = JSON.stringify([found.schema, table])
        const entry = tables.get(key) ?? found
        entry.columns.push(column)
        tables.set(key, entry)
        typesOf.set(columnId(found, column), type)
      }
      return [...tables.values()]
    },

    async countUsers(table) {
      const type = typesOf.get(columnId(table, table.columns.id)) ?? 'unknown'
      if (!WHOLE_NUMBERS.has(type))
        throw new SourceError(
          `the ids in ${table.name}.${table.columns.id} are no whole numbers but of type ${type}: tokens and addresses of this service can't name such users`
        )
      const [row] = await query<{ count: number }>(`SELECT count(*)::float8 AS count FROM ${nameOf(table)}`)
      return row?.count ?? 0
    },

    async listUsers(table, after, limit) {
      const id = quoteIdentifier(table.columns.id)
      const columns = USER_FIELDS.flatMap((field) => {
        const column = table.columns[field]
        return column === undefined ? [] : [`${selected(table, column)} AS ${field}`]
      })
      return query<SourceUser>(
        `SELECT ${[`${id}::float8 AS id`, ...columns].join(', ')} FROM ${nameOf(table)}
         WHERE ${id} > $1 AND ${id} <= ${MAX_USER_ID} ORDER BY ${nameOf(table)}.${id} LIMIT $2`,
        [after, limit]
      )
    },

    async listStrangeIds(table, skip, limit) {
      const id = quoteIdentifier(table.columns.id)
      const rows = await query<{ id: string }>(
        `SELECT coalesce(${id}::text, 'null') AS id FROM ${nameOf(table)}
         WHERE ${id} IS NULL OR ${id} NOT BETWEEN 1 AND ${MAX_USER_ID} ORDER BY ${nameOf(table)}.${id} LIMIT $2 OFFSET $1`,
        [skip, limit]
      )
      return rows.map(({ id }) => id)
    },

    async hasAvatars(table) {
      if (table.columns.avatar === undefined) return false
      const avatar = quoteIdentifier(table.columns.avatar)
      return (await query(`SELECT 1 FROM ${nameOf(table)} WHERE ${avatar}::text <> '' LIMIT 1`)).length > 0
    },

    async lastUserId(table) {
      const id = quoteIdentifier(table.columns.id)
      const [row] = await query<{ last: number | null }>(
        `SELECT max(${id})::float8 AS last FROM ${nameOf(table)} WHERE ${id} BETWEEN 1 AND ${MAX_USER_ID}`
      )
      return Math.max(row?.last ?? 0, await lastGiven(table))
    },

    async countTokens({ schema }) {
      const [tokens, blacklist] = [TOKENS, BLACKLIST].map((name) => nameOf({ schema, name }))
      const [there] = await query<{ there: boolean }>(
        'SELECT to_regclass($1) IS NOT NULL AND to_regclass($2) IS NOT NULL AS there',
        [tokens, blacklist]
      )
      if (!there?.there) return undefined
      const [row] = await query<{ count: number; lastUserId: number }>(
        `SELECT count(*)::float8 AS count,
           coalesce(max(user_id) FILTER (WHERE user_id BETWEEN 1 AND ${MAX_USER_ID}), 0)::float8 AS "lastUserId" FROM ${tokens}`
      )
      return row
    },

    listTokens: ({ schema }, after, limit) =>
      query<SourceToken>(
        `SELECT id::float8 AS id, jti, user_id::float8 AS "userId",
           ${textOfTime('created_at')} AS "createdAt",
           ${textOfTime('expires_at')} AS "expiresAt",
           EXISTS (SELECT 1 FROM ${nameOf({ schema, name: BLACKLIST })} b WHERE b.token_id = t.id) AS "isBlacklisted"
         FROM ${nameOf({ schema, name: TOKENS })} t WHERE id > $1 ORDER BY t.id LIMIT $2`,
        [after, limit]
      ),

    close: () => client.end()
  }

  /**
   * What the sequence of the id gave last; 0 where there is none.
   * @throws {SourceError} also where it may not be read: the id of a deleted user, given anew, would revive its tokens
   */
  async function lastGiven(table: UserTable): Promise<number> {
    const [owned] = await query<{ sequence: string | null }>(
      'SELECT pg_get_serial_sequence($1, $2) AS sequence WHERE to_regclass($1) IS NOT NULL',
      [nameOf(table), table.columns.id]
    )
    if (!owned?.sequence) return 0
    const [row] = await query<{ last: number }>(
      `SELECT (CASE WHEN is_called THEN last_value ELSE 0 END)::float8 AS last FROM ${owned.sequence}`
    )
    return row && row.last <= MAX_USER_ID ? row.last : 0
  }
}

const nameOf = ({ schema, name }: Pick<UserTable, 'schema' | 'name'>) =>
  schema === undefined ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`

const columnId = (table: Pick<UserTable, 'schema' | 'name'>, column: string) =>
  JSON.stringify([table.schema, table.name, column])

/** In UTC, as the connection is. To `to_char` an endless time is none at all. */
const textOfTime = (time: string) =>
  `CASE WHEN isfinite(${time}) THEN to_char(${time}, 'YYYY-MM-DD HH24:MI:SS.US') ELSE ${time}::text END`

async function connect(url: string): Promise<pg.Client> {
  let client: pg.Client | undefined
  try {
    client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
    // One that is lost between two queries fails the next one.
    client.on('error', () => {})
    await client.connect()
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    // Times without a zone are taken for UTC, which is what Django keeps.
    await client.query("SET LOCAL TIME ZONE 'UTC'")
    // Copying pictures takes longer than a server may let a transaction idle or a statement run.
    await client.query('SET LOCAL idle_in_transaction_session_timeout = 0')
    await client.query('SET LOCAL statement_timeout = 0')
    return client
  } catch (error) {
    await client?.end().catch(() => {})
    throw new SourceError(postgresReason(error), { cause: error })
  }
}
