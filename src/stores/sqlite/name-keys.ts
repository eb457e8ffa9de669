import type { Database } from 'better-sqlite3'
import { IDENTITY_KEY_RULE, identityKey } from '../../users/identity.ts'

interface NamedRow {
  id: number
  username: string
  email: string
}

/**
 * Makes the keys of all names anew where an older rule made them; of ASCII's names no rule differs. Whose new key is somebody
 * else's keeps the old one: nobody loses an account by a new rule.
 */
export function renewNameKeys(database: Database): void {
  if (ruleOf(database) >= IDENTITY_KEY_RULE) return
  database
    .transaction(() => {
      // Of processes that start at once the others have waited here.
      if (ruleOf(database) >= IDENTITY_KEY_RULE) return
      for (let page = readPage(database, 0); page.length > 0; page = readPage(database, page.at(-1)?.id ?? 0))
        for (const row of page) renew(database, row)
      database.pragma(`user_version = ${IDENTITY_KEY_RULE}`)
    })
    .immediate()
}

const PAGE = 1000

/** Users with names beyond ASCII, in the order of their ids. */
const readPage = (database: Database, after: number): NamedRow[] =>
  database
    .prepare<[number, number], NamedRow>(
      "select id, username, email from users where id > ? and username || email glob '*[^ -~]*' order by id limit ?"
    )
    .all(after, PAGE)

function renew(database: Database, { id, username, email }: NamedRow): void {
  for (const [column, key] of [
    ['username_key', identityKey(username)],
    ['email_key', identityKey(email)]
  ] as const)
    database
      .prepare(`update or ignore users set ${column} = ? where id = ? and ${column} <> ?`)
      .run(key, id, key)
}

/** Kept in a number of the file that is the application's own. */
const ruleOf = (database: Database): number => Number(database.pragma('user_version', { simple: true }))
