import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { deployments } from './deployments.ts'

t.test('users come with everything that is theirs, and their pictures', async (t) => {
  const { folder, media, addUser, addPicture, importAll, rows, pictures, picture } = deployments(t)
  addPicture('avatars/ada 1.png')
  addPicture('users/7/é.jpg')
  addUser(3, 'Ada', {
    password: 'pbkdf2_sha256$1000$salt$aGFzaCBvZiB0aGlydHktdHdvIGJ5dGVzIGluIGFsbCE=',
    first_name: 'Ada',
    last_name: 'King 🙂',
    number_phone: '0123',
    avatar: 'avatars/ada 1.png',
    is_staff: true,
    last_login: '2025-06-01 12:00:00'
  })
  addUser(7, 'bob', { avatar: 'users/7/é.jpg', is_active: false, is_superuser: true })
  const { code, stderr, findings, summary } = await importAll()
  t.strictSame([code, stderr, findings], [0, '', []])
  t.match(summary, {
    users: { read: 2, created: 2, changed: 0, unchanged: 0, left_out: 0 },
    pictures: { copied: 2, present: 0, missing: 0 },
    without_password: 1,
    table: 'users_users',
    dry_run: false
  })
  t.strictSame(rows(), [
    {
      id: 3,
      username: 'Ada',
      username_key: 'ada',
      email: 'Ada@example.com',
      email_key: 'ada@example.com',
      first_name: 'Ada',
      last_name: 'King 🙂',
      number_phone: '0123',
      avatar: 'ada 1.png',
      password: 'pbkdf2_sha256$1000$salt$aGFzaCBvZiB0aGlydHktdHdvIGJ5dGVzIGluIGFsbCE=',
      is_active: 1,
      is_staff: 1,
      is_superuser: 0,
      date_joined: Date.parse('2025-01-02T03:04:05.678Z'),
      last_login: Date.parse('2025-06-01T12:00:00Z'),
      email_hash: null,
      token_epoch: 0,
      extra: null
    },
    { ...rows()[1], id: 7, avatar: '%2Fusers%2F7%2Fé.jpg', is_active: 0, is_superuser: 1 }
  ])
  t.strictSame(pictures(), ['%2Fusers%2F7%2Fé.jpg', 'ada 1.png'])
  t.equal(picture('ada 1.png'), 'picture avatars/ada 1.png')
  t.strictSame(readdirSync(join(media, 'avatars')), ['ada 1.png'], 'the original stays')
  t.strictSame(readdirSync(folder).sort(), ['data', 'media'], 'and nothing else was made')
  t.strictSame(readdirSync(join(folder, 'data')), ['profile.db'])
})

t.test('whatever is odd about a user is found, and only what has to be is left out', async (t) => {
  const { root, media, addUser, addPicture, addToken, importAll, rows, pictures } = deployments(t)
  addPicture('avatars/fine.png')
  mkdirSync(join(media, 'avatars/folder.png'))
  writeFileSync(join(root, 'outside.png'), 'secret')
  mkdirSync(join(root, 'outside'))
  writeFileSync(join(root, 'outside/secret.png'), 'secret')
  symlinkSync(join(root, 'outside.png'), join(media, 'avatars/link.png'))
  symlinkSync(join(root, 'outside'), join(media, 'out'))
  addUser(1, 'ada', { avatar: 'avatars/fine.png' })
  addUser(2, 'ADA', { email: 'other@example.com' })
  addUser(3, 'bob', { email: 'Ada@Example.com' })
  addUser(4, 'ａｄａ', { email: 'ada@EXAMPLE.com' })
  addUser(5, ' ')
  addUser(6, 'mail', { email: '' })
  addUser(7, 'time', { date_joined: 'soon' })
  addUser(8, 'n'.repeat(151), {
    email: 'long@example.com',
    number_phone: '🙂'.repeat(11),
    first_name: '🙂'.repeat(200)
  })
  addUser(9, 'huge', { last_name: 'x'.repeat(4097) })
  addUser(10, 'md5', { password: 'md5$salt$0123' })
  addUser(11, 'plain', { password: 'hunter2$plain' })
  addUser(12, 'torn', { password: 'pbkdf2_sha256$1000$salt$to' })
  addUser(13, 'dear', { password: `pbkdf2_sha256$999999999$salt$${'A'.repeat(43)}=` })
  const unsafe = [
    '../outside.png',
    '/etc/passwd',
    'out/secret.png',
    'avatars/link.png',
    'avatars/folder.png',
    'avatars/none.png'
  ]
  for (const [index, avatar] of unsafe.entries()) addUser(20 + index, `unsafe${index}`, { avatar })
  addUser(-1, 'negative')
  addUser(30, 'nul\0')
  addToken({ id: 1, jti: 'of-nobody', user_id: 2 })

  const { code, findings, summary } = await importAll()
  t.equal(code, 1)
  const out = { outcome: 'left_out' }
  const invalid = (user: number, field: string, why: string) => ({
    user,
    finding: 'invalid',
    field,
    why,
    ...out
  })
  const long = (user: number, field: string, length: number, limit: number) => ({
    user,
    finding: 'over_long',
    field,
    length,
    limit,
    outcome: 'imported'
  })
  const password = (user: number, algorithm: string, why: string) => ({
    user,
    finding: 'password_unusable',
    field: 'password',
    algorithm,
    why,
    outcome: 'imported'
  })
  const missing = (user: number, path: string, why: string) => ({
    user,
    finding: 'missing_picture',
    field: 'avatar',
    path,
    why,
    outcome: 'imported_without_avatar'
  })
  const expected = [
    { user: 2, finding: 'username_taken', field: 'username', with: 1, ...out },
    { user: 3, finding: 'email_taken', field: 'email', with: 1, ...out },
    { user: 4, finding: 'username_taken', field: 'username', with: 1, ...out },
    { user: 4, finding: 'email_taken', field: 'email', with: 1, ...out },
    invalid(5, 'username', 'blank'),
    invalid(6, 'email', 'blank'),
    invalid(7, 'date_joined', 'not a time'),
    long(8, 'username', 151, 150),
    long(8, 'number_phone', 11, 10),
    invalid(9, 'last_name', 'longer than 4096 characters'),
    password(10, 'md5', 'no algorithm that is verified here'),
    password(11, 'unknown', 'no algorithm that is verified here'),
    password(12, 'pbkdf2_sha256', 'cut off or garbled'),
    password(13, 'pbkdf2_sha256', 'takes more time or memory than is allowed'),
    missing(20, '../outside.png', 'not a safe path'),
    missing(21, '/etc/passwd', 'not a safe path'),
    missing(22, 'out/secret.png', 'outside of the folder'),
    missing(23, 'avatars/link.png', 'not a file'),
    missing(24, 'avatars/folder.png', 'not a file'),
    missing(25, 'avatars/none.png', 'not found'),
    invalid(30, 'username', 'holds a NUL character'),
    {
      user: '-1',
      finding: 'invalid',
      field: 'id',
      why: 'not a whole number from 1 to 4503599627370496',
      ...out
    }
  ]
  const order = (lines: object[]) =>
    lines.map((line) => JSON.stringify(line, Object.keys(line).sort())).sort()
  t.strictSame(order(findings), order(expected))
  t.match(summary, {
    users: { read: 21, created: 12, left_out: 9 },
    pictures: { copied: 1, present: 0, missing: 6 },
    tokens: { live: 0, left_out: 1 },
    findings: {
      invalid: 6,
      username_taken: 2,
      email_taken: 2,
      over_long: 2,
      missing_picture: 6,
      password_unusable: 4
    }
  })
  t.strictSame(
    rows().map(({ id }) => id),
    [1, 8, 10, 11, 12, 13, 20, 21, 22, 23, 24, 25]
  )
  t.match(rows()[1], { username: 'n'.repeat(151), number_phone: '🙂'.repeat(11) }, 'nothing is cut')
  t.strictSame(pictures(), ['fine.png'])
})

t.test('for people, findings are listed by kind, safe to print, fifty of each at most', async (t) => {
  const { root, media, addUser, start } = deployments(t)
  for (let id = 1; id <= 60; id++) addUser(id, `u${id}`, { password: 'md5$a$b' })
  addUser(61, 'evil', { avatar: `avatars/\x1b[31m\u202e"${'x'.repeat(200)}` })
  const report = join(root, 'report.jsonl')
  const { code, stdout, stderr } = await start('--media', media, '--report', report).ended
  t.strictSame([code, stderr], [0, ''])
  t.match(
    stdout,
    /^No picture for the avatar: 1\n {2}user 61 {2}"avatars\/\\u\{1b\}\[31m\\u\{202e\}\\"x{60,80}…" {2}not a safe path {2}no avatar\n\n/
  )
  t.match(
    stdout,
    /^No password will work until a new one is set: 60\n {2}user 1 {3}password {2}md5: no algorithm/m
  )
  t.match(stdout, /\n {2}user 50 .*\n {2}and 10 more; --report FILE has all\n/)
  t.match(stdout, /^Users: {4}61 read from users_users, 61 created, 0 changed, 0 unchanged, 0 left out$/m)
  t.match(stdout, /^All of that is in place \([\d.]+ s\)\.\n$/m)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is asked
  t.notMatch(stdout, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
  const lines = readFileSync(report, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  t.equal(lines.length, 62)
  t.match(lines.at(-1), { summary: { users: { created: 61 } } })
  t.notMatch(stdout + JSON.stringify(lines), 'md5$')
})

t.test('columns that are absent fall back, others are named', async (t) => {
  const { django, start, rows } = deployments(t)
  django.exec(`DROP TABLE users_users;
    CREATE TABLE people (uid integer PRIMARY KEY, login text, mail text, password text, phone text);
    INSERT INTO people VALUES (4, 'ada', 'ada@example.com', '!', '0123')`)
  const columns = ['id=uid', 'username=login', 'email=mail', 'number_phone=phone'].flatMap((one) => [
    '--column',
    one
  ])
  const before = Date.now()
  const { code, stdout, stderr } = await start('--table', 'people', ...columns).ended
  t.strictSame([code, stderr], [0, ''])
  t.match(stdout, /^There is no column date_joined: the time of the import for everybody$/m)
  t.match(stdout, /^There is no column is_active: true for everybody$/m)
  t.notMatch(stdout, /column (id|username|number_phone)/)
  const [user] = rows()
  t.match(user, {
    id: 4,
    username: 'ada',
    first_name: '',
    number_phone: '0123',
    is_active: 1,
    is_staff: 0,
    last_login: null
  })
  t.ok(Number(user?.date_joined) >= before && Number(user?.date_joined) <= Date.now())
  const again = await start('--table', 'people', ...columns).ended
  t.match(again.stdout, /0 created, 0 changed, 1 unchanged/)
  t.equal(rows()[0]?.date_joined, user?.date_joined)
})

t.test('Django’s media folder may be the service’s own', async (t) => {
  const { folder, addUser, start, rows, pictures, picture } = deployments(t)
  mkdirSync(join(folder, 'media/avatars'), { recursive: true })
  mkdirSync(join(folder, 'media/users'), { recursive: true })
  writeFileSync(join(folder, 'media/avatars/ada.png'), 'ada')
  writeFileSync(join(folder, 'media/users/bob.png'), 'bob')
  addUser(1, 'ada', { avatar: 'avatars/ada.png' })
  addUser(2, 'bob', { avatar: 'users/bob.png' })
  addUser(3, 'cyd', { avatar: 'avatars/ada.png' })
  const { code, stdout } = await start('--media', join(folder, 'media')).ended
  t.equal(code, 0)
  t.match(stdout, /^Pictures: 1 copied, 1 here already, 0 missing$/m)
  t.strictSame(
    rows().map(({ avatar }) => avatar),
    ['ada.png', '%2Fusers%2Fbob.png', 'ada.png']
  )
  t.strictSame(pictures(), ['%2Fusers%2Fbob.png', 'ada.png'])
  t.strictSame([picture('ada.png'), picture('%2Fusers%2Fbob.png')], ['ada', 'bob'])
})
