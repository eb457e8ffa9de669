import Database from 'better-sqlite3'
import { openSqliteStores } from '../../src/stores/sqlite/open-sqlite.ts'

const CHUNK = 500_000

/** Users of equal shape, ids 1 to `count`; the hash is as long as a real one, and no password matches it. */
const INSERT = `
  WITH RECURSIVE n(id) AS (SELECT CAST(@from AS INTEGER) UNION ALL SELECT id + 1 FROM n WHERE id < @to)
  INSERT INTO users (id, username, username_key, email, email_key, first_name, last_name, number_phone, password,
                     date_joined, last_login)
  SELECT id, 'User_' || id, 'user_' || id, 'User_' || id || '@example.com', 'user_' || id || '@example.com',
         'First ' || (id % 1000), 'Last ' || (id % 7919), substr('0000000000' || id, -10),
         'argon2$argon2id$v=19$m=19456,t=2,p=1$' || substr(hex(randomblob(11)), 1, 22) || '$' ||
           substr(hex(randomblob(22)), 1, 43),
         1700000000000 + id, 1710000000000 + id
  FROM n`

/**
 * Fills a new database with users: ten million in minutes, because the indexes are built afterwards, each in one
 * sorted pass.
 * @param onProgress told how many users there are so far
 */
export function fillUsers(path: string, count: number, onProgress: (users: number) => void = () => {}): void {
  // Makes the file with the schema of the service.
  void openSqliteStores({ path }).close()
  const database = new Database(path)
  try {
    database.pragma('synchronous = OFF')
    database.pragma('cache_size = -1000000')
    database.pragma('temp_store = MEMORY')
    const indexes = database
      .prepare<[], { name: string; sql: string }>(
        "SELECT name, sql FROM sqlite_schema WHERE tbl_name = 'users' AND type = 'index' AND sql IS NOT NULL"
      )
      .all()
    for (const { name } of indexes) database.exec(`DROP INDEX "${name}"`)
    const insert = database.prepare(INSERT)
    for (let from = 1; from <= count; from += CHUNK) {
      const to = Math.min(count, from + CHUNK - 1)
      insert.run({ from, to })
      onProgress(to)
    }
    for (const { sql } of indexes) database.exec(sql)
    database.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
}
