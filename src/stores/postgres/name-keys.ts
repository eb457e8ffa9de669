import type { ClientBase } from 'pg'
import { IDENTITY_KEY_RULE, identityKey } from '../../users/identity.ts'
import { isUniqueViolation } from './postgres-errors.ts'
import { escapeText, keyText, unescapeText } from './texts.ts'

interface NamedRow {
  id: string
  username: string
  email: string
}

/** Which rule the keys of names were made by; 0 for none yet. */
export async function readKeyRule(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ rule: number }>('select rule from name_key_rule')
  return rows[0]?.rule ?? 0
}

/**
 * Makes the keys of all names anew where an older rule made them; of ASCII's names no rule differs. Whose new key is somebody
 * else's keeps the old one: nobody loses an account by a new rule. Nobody else may do the same at that time.
 */
export async function renewNameKeys(client: ClientBase): Promise<void> {
  if ((await readKeyRule(client)) >= IDENTITY_KEY_RULE) return
  for (let rows = await readPage(client, '0'); rows.length > 0; rows = await readPage(client, lastOf(rows)))
    for (const row of rows) await renew(client, row)
  await client.query(
    'insert into name_key_rule (rule) values ($1) on conflict ("only") do update set rule = excluded.rule',
    [IDENTITY_KEY_RULE]
  )
}

const PAGE = 1000

/** Users with names beyond ASCII, in the order of their ids. */
async function readPage(client: ClientBase, after: string): Promise<NamedRow[]> {
  const { rows } = await client.query<NamedRow>(
    "select id, username, email from users where id > $1 and username || email ~ '[^ -~]' order by id limit $2",
    [after, PAGE]
  )
  return rows
}

const lastOf = (rows: NamedRow[]) => rows.at(-1)?.id ?? '0'

/** Only of the names that were read: other nodes are at work meanwhile. */
async function renew(client: ClientBase, { id, username, email }: NamedRow): Promise<void> {
  for (const [column, name] of [
    ['username', username],
    ['email', email]
  ] as const) {
    const key = escapeText(keyText(identityKey(unescapeText(name))))
    const free = `not exists (select from users u where u.${column}_key = $1 and u.id <> $2)`
    try {
      await client.query(
        `update users set ${column}_key = $1 where id = $2 and ${column} = $3 and ${column}_key <> $1 and ${free}`,
        [key, id, name]
      )
    } catch (error) {
      // Taken in that very moment.
      if (!isUniqueViolation(error)) throw error
    }
  }
}
