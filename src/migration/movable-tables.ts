/**
 * What a column holds, and how it is written down here: `boolean` as 0 or 1, `bytes` in hexadecimal digits; of a `key`, a text
 * that rows are found by, long ones by their hash; an `expiry`, in epoch milliseconds, as a whole number.
 */
export type ColumnKind = 'integer' | 'expiry' | 'boolean' | 'text' | 'key' | 'uuid' | 'bytes'

export interface MovableColumn {
  name: string
  kind: ColumnKind
  /** Of a text that is in an index as it is: PostgreSQL's entries take 2704 bytes. */
  maxBytes?: number
}

export interface MovableTable {
  name: string
  columns: readonly MovableColumn[]
  /** So many of the first columns are its key. */
  keyColumns: number
  /** Whose rows its rows go with, named by the column of this index. */
  parent?: { table: string; column: number }
}

/** A row by its table's columns, each as a text, whatever the database keeps it as. */
export type MovableRow = readonly (string | null)[]

const column =
  (kind: ColumnKind) =>
  (name: string): MovableColumn => ({ name, kind })
const integer = column('integer')
const boolean = column('boolean')
const text = column('text')
const uuid = column('uuid')
const key = column('key')
const bytes = column('bytes')
const indexed = (name: string): MovableColumn => ({ name, kind: 'text', maxBytes: 2600 })

/** All rows that a move takes along, parents before their children. */
export const MOVABLE_TABLES: readonly MovableTable[] = [
  {
    name: 'users',
    keyColumns: 1,
    columns: [
      integer('id'),
      ...['username', 'email', 'first_name', 'last_name', 'number_phone', 'password', 'extra'].map(text),
      ...['username_key', 'email_key'].map(key),
      ...['email_hash', 'avatar'].map(indexed),
      ...['is_active', 'is_staff', 'is_superuser'].map(boolean),
      ...['date_joined', 'last_login', 'token_epoch'].map(integer)
    ]
  },
  { name: 'imported_users', keyColumns: 1, columns: [integer('id'), bytes('fingerprints')] },
  {
    name: 'user_identities',
    keyColumns: 2,
    columns: [key('issuer'), key('subject'), integer('user_id')],
    parent: { table: 'users', column: 2 }
  },
  {
    name: 'sessions',
    keyColumns: 1,
    columns: [
      uuid('id'),
      integer('user_id'),
      column('expiry')('expires_at'),
      integer('ended_at'),
      integer('started_at')
    ],
    parent: { table: 'users', column: 1 }
  },
  {
    name: 'refresh_tokens',
    keyColumns: 1,
    columns: [key('jti'), uuid('session_id'), integer('used_at'), column('expiry')('expires_at')],
    parent: { table: 'sessions', column: 1 }
  },
  {
    name: 'audit_log',
    keyColumns: 1,
    columns: [
      ...['id', 'at', 'actor_id', 'target_id'].map(integer),
      ...['actor_username', 'target_username', 'action', 'address', 'outcome', 'changes'].map(text)
    ]
  },
  {
    name: 'imports',
    keyColumns: 1,
    columns: [...['id', 'at'].map(integer), ...['summary', 'findings'].map(text)]
  }
]

export const keyOf = ({ keyColumns }: MovableTable, row: MovableRow): MovableRow => row.slice(0, keyColumns)

/** Numbers by what they are, texts by their bytes in UTF-8: as both databases are asked to order them. */
export function compareKeys({ columns, keyColumns }: MovableTable, a: MovableRow, b: MovableRow): number {
  for (let index = 0; index < keyColumns; index++) {
    const [left, right] = [a[index] ?? '', b[index] ?? '']
    if (left === right) continue
    return columns[index]?.kind === 'integer'
      ? Number(BigInt(left) - BigInt(right))
      : Buffer.compare(Buffer.from(left), Buffer.from(right))
  }
  return 0
}

/** What a key begins with that is a long one's hash; others don't. */
export const HASHED_KEY = '\u0001'
