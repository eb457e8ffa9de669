import type { Database } from 'better-sqlite3'
import { quoteIdentifier } from '../src/stores/django/quote-identifier.ts'

/** A user of Django's with what it says by default. Times in Django's text. */
export interface DjangoUser extends Row {
  id: number
  username: string
  email: string
  password?: string
  first_name?: string
  last_name?: string
  number_phone?: string | null
  avatar?: string | null
  is_active?: boolean
  is_staff?: boolean
  is_superuser?: boolean
  date_joined?: string
  last_login?: string | null
}

export const djangoUser = (
  id: number,
  name: string,
  over: Partial<DjangoUser> = {}
): Required<DjangoUser> => ({
  id,
  username: name,
  email: `${name}@example.com`,
  password: '!unusable',
  first_name: '',
  last_name: '',
  number_phone: null,
  avatar: '',
  is_active: true,
  is_staff: false,
  is_superuser: false,
  date_joined: '2025-01-02 03:04:05.678901',
  last_login: null,
  ...over
})

/** What a table gets, by column. */
export type Row = Record<string, string | number | boolean | null | Buffer>

export function insertRow(database: Database, table: string, row: Row): void {
  const columns = Object.keys(row).map(quoteIdentifier)
  const values = Object.values(row).map((value) => (typeof value === 'boolean' ? Number(value) : value))
  database
    .prepare(
      `INSERT INTO ${quoteIdentifier(table)} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
    )
    .run(...values)
}
