import pg from 'pg'
import t from 'tap'
import { DJANGO_USERS } from '../../../../bench/harness/django-database.ts'
import { POSTGRES_PASSWORD, startPostgres } from '../../../postgres.ts'
import { run } from '../../../service.ts'
import { deployments } from './deployments.ts'

t.test('users come from PostgreSQL, and the password of its URL goes nowhere', async (t) => {
  const { url } = await startPostgres(t)
  const { folder, media, addPicture, rows, pictures } = deployments(t)
  addPicture('avatars/ada.png')
  const client = new pg.Client(url)
  await client.connect()
  t.teardown(() => client.end())
  await client.query(
    DJANGO_USERS.replace('integer NOT NULL PRIMARY KEY AUTOINCREMENT', 'serial PRIMARY KEY')
      .replaceAll('datetime', 'timestamptz')
      .replaceAll('bool', 'boolean')
  )
  await client.query(`INSERT INTO users_users (password, last_login, is_superuser, username, is_staff, is_active, date_joined,
      email, first_name, last_name, number_phone, avatar)
    SELECT '!', '2025-01-01 00:00:00.9999+00', false, 'user' || n, false, true, now(), 'user' || n || '@example.com', '', '', null,
      'avatars/ada.png' FROM generate_series(1, 2500) AS n`)
  await client.query('DELETE FROM users_users WHERE id = 2500')
  const start = (...args: string[]) =>
    run(folder, { args: ['import-django', '--database', url, '--media', media, ...args] }).ended
  const first = await start('--report', '-')
  t.strictSame([first.code, first.stderr], [0, ''])
  t.match(JSON.parse(first.stdout), {
    summary: {
      users: { read: 2499, created: 2499 },
      pictures: { copied: 1 },
      tokens: { live: 0 },
      table: 'users_users'
    }
  })
  t.equal(rows().length, 2499)
  t.match(rows().at(-1), {
    username: 'user2499',
    last_login: Date.parse('2025-01-01T00:00:00.999Z'),
    avatar: 'ada.png'
  })
  t.strictSame(rows("SELECT seq FROM sqlite_sequence WHERE name = 'users'"), [{ seq: 2500 }])
  t.strictSame(pictures(), ['ada.png'])
  const second = await start()
  t.match(second, { code: 0, stdout: /0 created, 0 changed, 2,499 unchanged/ })
  const kept = rows('SELECT summary, findings FROM imports')
  t.equal(kept.length, 2)
  t.match(JSON.parse(String(kept[0]?.summary)), { database: `postgres://${new URL(url).host}/postgres` })
  t.notMatch(JSON.stringify(kept), POSTGRES_PASSWORD)
  const wrong = await start('--table', 'nothing')
  t.match(wrong, { code: 2, stderr: /--database: there is no table nothing\. The tables are users_users/ })
  for (const { stdout, stderr } of [first, second, wrong]) t.notMatch(stdout + stderr, POSTGRES_PASSWORD)
})
