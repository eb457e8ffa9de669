import type Database from 'better-sqlite3'
import t from 'tap'
import { openSqliteStores } from '../../../../src/stores/sqlite/open-sqlite.ts'
import { IDENTITY_KEY_RULE, identityKey } from '../../../../src/users/identity.ts'
import { withDatabase } from '../../../helper.ts'

/** Names as an older rule had them: lower case alone. */
function insertOld(database: Database.Database, names: string[]): void {
  const insert = database.prepare(
    "insert into users (username, username_key, email, email_key, password, date_joined) values (?, ?, ?, ?, '!', 0)"
  )
  for (const [index, name] of names.entries()) {
    const email = `${index}@почта${index}.рф`
    insert.run(name, name.toLowerCase(), email, email.toLowerCase())
  }
}

t.test('keys of an older rule are made anew once, and nobody loses an account by it', async (t) => {
  const path = `${t.testdir({})}/profile.db`
  await openSqliteStores({ path }).close()
  const lookalikes = ['alice', 'аlice', 'Zoë', 'вова']
  const many = Array.from({ length: 2500 }, (_, index) => `Имя${index}`)
  withDatabase(path, (database) => {
    t.equal(database.pragma('user_version', { simple: true }), IDENTITY_KEY_RULE, 'a new file has the rule')
    insertOld(database, [...lookalikes, ...many])
    database.pragma('user_version = 0')
  })
  await openSqliteStores({ path }).close()

  const read = () =>
    withDatabase(path, (database) => ({
      rule: database.pragma('user_version', { simple: true }),
      rows: database
        .prepare<[], { username: string; username_key: string; email: string; email_key: string }>(
          'select username, username_key, email, email_key from users order by id'
        )
        .all()
    }))
  const { rule, rows } = read()
  t.equal(rule, IDENTITY_KEY_RULE)
  t.equal(rows.length, lookalikes.length + many.length)
  t.strictSame(
    rows.filter(({ username, username_key: key }) => key !== identityKey(username)),
    [{ ...rows[1], username: 'аlice', username_key: 'аlice' }],
    'only whose new key is another’s keeps the old one'
  )
  t.strictSame(
    rows.filter(({ email, email_key: key }) => key !== identityKey(email)),
    [],
    'of the email it is made anew all the same'
  )

  withDatabase(path, (database) => database.prepare("update users set username_key = 'x' where id = 4").run())
  await openSqliteStores({ path }).close()
  t.equal(read().rows[3]?.username_key, 'x', 'where the rule is the newest, nothing is looked at')
})
