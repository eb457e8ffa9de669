import { rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { deployments } from './deployments.ts'

const dump = (rows: (sql: string) => object[]) =>
  ['users', 'imported_users', 'sessions', 'refresh_tokens', 'sqlite_sequence'].map((table) =>
    rows(`SELECT * FROM ${table} ORDER BY 1`)
  )

t.test('a second import of the same writes nothing', async (t) => {
  const { addUser, addPicture, addToken, importAll, rows, pictures } = deployments(t)
  addPicture('avatars/ada.png')
  addUser(1, 'ada', { avatar: 'avatars/ada.png', last_login: '2025-01-01 00:00:00' })
  addUser(2, 'bob', { avatar: 'avatars/none.png', password: 'md5$a$b' })
  addUser(3, 'BOB', { email: 'x@example.com' })
  addToken({ id: 1, jti: 'live', user_id: 1 })
  addToken({ id: 2, jti: 'ended', user_id: 1 }, true)
  const first = await importAll()
  t.match(first.summary, { users: { created: 2, left_out: 1 }, tokens: { live: 1, ended: 1 } })
  const before = dump(rows)
  const second = await importAll()
  t.equal(second.code, 1)
  t.strictSame(second.findings, first.findings)
  t.match(second.summary, {
    users: { read: 3, created: 0, changed: 0, unchanged: 2, left_out: 1 },
    pictures: { copied: 0, present: 0, missing: 1 },
    tokens: { live: 0, ended: 0, known: 2 }
  })
  t.strictSame(dump(rows), before)
  t.strictSame(pictures(), ['ada.png'])
})

t.test('each field goes by where it was changed', async (t) => {
  const { addUser, addPicture, importAll, change, write, rows, pictures } = deployments(t)
  addPicture('avatars/a.png')
  addPicture('avatars/b.png')
  for (const id of [1, 2, 3, 4, 5, 6])
    addUser(id, `u${id}`, { avatar: 'avatars/a.png', last_login: '2025-01-01 00:00:00' })
  await importAll()
  // 1: there; 2: here; 3: both, differently; 4: both, the same; 5: sign-ins on both sides; 6: pictures on both sides
  change(
    "UPDATE users_users SET first_name = 'there', avatar = 'avatars/b.png', is_staff = 1, number_phone = '1' WHERE id = 1"
  )
  write("UPDATE users SET first_name = 'here', avatar = NULL, password = 'argon2$x' WHERE id = 2")
  change("UPDATE users_users SET first_name = 'there', last_name = 'there' WHERE id = 3")
  write("UPDATE users SET first_name = 'here' WHERE id = 3")
  change("UPDATE users_users SET first_name = 'both' WHERE id = 4")
  write("UPDATE users SET first_name = 'both' WHERE id = 4")
  change("UPDATE users_users SET last_login = '2025-02-01 00:00:00' WHERE id = 5")
  write('UPDATE users SET last_login = ? WHERE id = 5', Date.parse('2025-03-01T00:00:00Z'))
  change("UPDATE users_users SET avatar = 'avatars/none.png' WHERE id = 6")
  const before = rows()
  const { code, findings, summary } = await importAll()
  t.equal(code, 0)
  t.strictSame(
    findings,
    [
      {
        user: 6,
        finding: 'missing_picture',
        field: 'avatar',
        path: 'avatars/none.png',
        why: 'not found',
        outcome: 'kept_here'
      },
      { user: 3, finding: 'conflict', field: 'first_name', outcome: 'kept_here' }
    ].sort(
      (a, b) =>
        findings.findIndex((one) => one.user === a.user) - findings.findIndex((one) => one.user === b.user)
    )
  )
  t.match(summary, { users: { created: 0, changed: 2, unchanged: 4 }, pictures: { copied: 1 } })
  t.strictSame(rows(), [
    { ...before[0], first_name: 'there', avatar: 'b.png', is_staff: 1, number_phone: '1' },
    before[1],
    { ...before[2], last_name: 'there' },
    before[3],
    before[4],
    before[5]
  ])
  t.strictSame(pictures(), ['a.png', 'b.png'])
  const again = await importAll()
  t.strictSame(again.findings, findings, 'a conflict is told as long as it lasts')
  t.match(again.summary, { users: { changed: 0, unchanged: 6 } })

  addPicture('avatars/none.png')
  change("UPDATE users_users SET last_login = '2025-04-01 00:00:00' WHERE id = 5")
  t.match(await importAll(), { findings: [{ finding: 'conflict' }], summary: { users: { changed: 2 } } })
  t.match(rows()[4], { last_login: Date.parse('2025-04-01T00:00:00Z') }, 'the later sign-in is the last')
  t.match(rows()[5], { avatar: 'none.png' }, 'a picture that was found since is taken')
})

t.test('who was deleted here stays so, and who is gone from there stays here', async (t) => {
  const { addUser, importAll, change, write, rows } = deployments(t)
  for (const id of [1, 2, 3, 4]) addUser(id, `u${id}`)
  await importAll()
  write('DELETE FROM users WHERE id IN (1, 3)')
  change('DELETE FROM users_users WHERE id IN (2, 3)')
  const { code, findings, summary } = await importAll()
  t.equal(code, 0)
  t.strictSame(findings.map(({ user, finding, outcome }) => [user, finding, outcome]).sort(), [
    [1, 'deleted_here', 'left_out'],
    [2, 'gone_from_django', 'kept_here']
  ])
  t.match(summary, { users: { read: 2, deleted_here: 1, left_out: 0, unchanged: 1 } })
  t.strictSame(
    rows().map(({ id }) => id),
    [2, 4]
  )
})

t.test('names go round: along a chain, whichever way it runs', async (t) => {
  for (const step of [1, -1]) {
    const { addUser, importAll, change, rows } = deployments(t)
    for (let id = 1; id <= 20; id++) addUser(id, `u${id}`)
    await importAll()
    const ids = Array.from({ length: 20 }, (_, index) => (step === 1 ? 20 - index : index + 1))
    const rename = (id: number, name: string) =>
      change('UPDATE users_users SET username = ?, email = ? WHERE id = ?', name, `${name}@example.com`, id)
    for (const id of ids) rename(id, `u${id + step}`)
    const { code, findings, summary } = await importAll()
    t.strictSame([code, findings], [0, []])
    t.match(summary, { users: { changed: 20 } })
    t.strictSame(
      rows().map(({ id, username, username_key, email_key }) => [
        username,
        username_key,
        email_key,
        Number(id)
      ]),
      rows().map(({ id }) => {
        const name = `u${Number(id) + step}`
        return [name, name, `${name}@example.com`, id]
      })
    )
  }
})

t.test('names go round: along a chain in no order', async (t) => {
  const { addUser, importAll, change, rows } = deployments(t)
  const length = 97
  for (let id = 1; id <= length; id++) addUser(id, `u${id}`)
  await importAll()
  // Each place of the chain has the id 5 times as far round.
  const ids = Array.from({ length: length - 1 }, (_, place) => ((place + 1) * 5) % length)
  ids.reverse()
  let free = 'free'
  for (const id of ids) {
    change('UPDATE users_users SET username = ? WHERE id = ?', free, id)
    free = `u${id}`
  }
  t.match(await importAll(), { code: 0, findings: [], summary: { users: { changed: length - 1 } } })
  t.strictSame(
    ids.map((id) => rows('SELECT username, username_key FROM users WHERE id = ?', id)[0]),
    ids.map((_, place) => {
      const name = place === 0 ? 'free' : `u${ids[place - 1]}`
      return { username: name, username_key: name }
    })
  )
})

t.test('names are swapped, and who waits for one of them gets it', async (t) => {
  const { addUser, importAll, change, rows, write } = deployments(t)
  for (let id = 1; id <= 9; id++) addUser(id, `u${id}`)
  await importAll()
  const rename = (id: number, username: string, email = `u${id}@example.com`) =>
    change('UPDATE users_users SET username = ?, email = ? WHERE id = ?', username, email, id)
  const renameAll = (names: [id: number, username: string, email?: string][]) => {
    for (const [id] of names) rename(id, `x${id}`, `x${id}@example.com`)
    for (const name of names) rename(...name)
  }
  // Two swap all, three take turns, and a new user has a name that is free only then.
  renameAll([
    [1, 'u2', 'u2@example.com'],
    [2, 'u1', 'u1@example.com'],
    [3, 'u4', 'new@example.com'],
    [4, 'u5'],
    [5, 'U3']
  ])
  addUser(10, 'late', { email: 'u3@example.com' })
  // These can't: one of the two keeps a name of here.
  write("UPDATE users SET username = 'here', username_key = 'here' WHERE id = 7")
  renameAll([
    [6, 'here'],
    [7, 'u6']
  ])
  const { findings } = await importAll()
  t.match(findings, [
    { user: 7, finding: 'conflict', field: 'username' },
    { user: 6, finding: 'username_taken', with: 7 }
  ])
  t.equal(findings.length, 2)
  const names = () =>
    rows().map(({ id, username, username_key, email }) => [id, username, username_key, email])
  const expected = [
    [1, 'u2', 'u2', 'u2@example.com'],
    [2, 'u1', 'u1', 'u1@example.com'],
    [3, 'u4', 'u4', 'new@example.com'],
    [4, 'u5', 'u5', 'u4@example.com'],
    [5, 'U3', 'u3', 'u5@example.com'],
    [6, 'u6', 'u6', 'u6@example.com'],
    [7, 'here', 'here', 'u7@example.com'],
    [8, 'u8', 'u8', 'u8@example.com'],
    [9, 'u9', 'u9', 'u9@example.com'],
    [10, 'late', 'late', 'u3@example.com']
  ]
  t.strictSame(names(), expected)
  const again = await importAll()
  t.match(again.summary, { users: { changed: 0, created: 0 } })
  t.strictSame(names(), expected)
})

t.test('of a rename to a name that somebody has here, the rest is taken over', async (t) => {
  const { addUser, importAll, change, write, rows } = deployments(t)
  addUser(1, 'ada')
  await importAll()
  write(`INSERT INTO users (id, username, username_key, email, email_key, password, date_joined)
    VALUES (50, 'Local', 'local', 'local@example.com', 'local@example.com', 'x', 1)`)
  change("UPDATE users_users SET username = 'LOCAL', first_name = 'Ada' WHERE id = 1")
  addUser(2, 'local', { email: 'new@example.com' })
  const taken = { finding: 'username_taken', field: 'username', with: 50 }
  const expected = [
    { user: 1, ...taken, outcome: 'kept_here' },
    { user: 2, ...taken, outcome: 'left_out' }
  ]
  t.match(await importAll(), { code: 1, findings: expected, summary: { users: { changed: 1, left_out: 1 } } })
  t.match(rows()[0], { username: 'ada', first_name: 'Ada' })
  t.match(await importAll(), {
    code: 1,
    findings: expected,
    summary: { users: { changed: 0, unchanged: 1 } }
  })
  write('DELETE FROM users WHERE id = 50')
  t.match(await importAll(), { summary: { users: { changed: 1, left_out: 1 } } })
  t.match(rows(), [{ id: 1, username: 'LOCAL', username_key: 'local' }])
})

t.test(
  'an id that somebody else has here is left alone, but for tokens that may not be theirs',
  async (t) => {
    const { addUser, addToken, importAll, write, rows } = deployments(t)
    addUser(9, 'first')
    await importAll()
    const insert = `INSERT INTO users (id, username, username_key, email, email_key, password, date_joined, first_name)
    VALUES (?, ?, ?, ?, ?, '!unusable', ?, '')`
    const joined = Date.parse('2025-01-02T03:04:05.678Z')
    for (const [id, name] of [
      [1, 'local'],
      [2, 'same']
    ] as const)
      write(insert, id, name, name, `${name}@example.com`, `${name}@example.com`, joined)
    addUser(1, 'ada')
    addUser(2, 'same')
    addToken({ id: 1, jti: 'of-ada', user_id: 1 })
    const { code, findings, summary } = await importAll()
    t.equal(code, 1)
    t.strictSame(findings, [{ user: 1, finding: 'id_taken', outcome: 'left_out' }])
    t.match(summary, { users: { created: 0, unchanged: 2, left_out: 1 }, tokens: { left_out: 1 } })
    t.match(rows(), [{ username: 'local' }, { username: 'same', token_epoch: 0 }, { id: 9 }])
    t.ok(Number(rows()[0]?.token_epoch) > 0, 'Django’s tokens of that id open nothing')
    t.strictSame(rows('SELECT id FROM imported_users ORDER BY id'), [{ id: 2 }, { id: 9 }])
    t.match(await importAll(), { code: 1, findings, summary: { users: { unchanged: 2 } } })
  }
)

t.test('without pictures nobody loses one that is here', async (t) => {
  const { media, addUser, addPicture, importAll, start, rows, change } = deployments(t)
  addPicture('avatars/a.png')
  addUser(1, 'ada', { avatar: 'avatars/a.png' })
  const refused = await start().ended
  t.match(refused, {
    code: 2,
    stdout: '',
    stderr: /--media: is missing, and users have pictures; --no-media leaves them behind/
  })
  await importAll()
  rmSync(join(media, 'avatars'), { recursive: true })
  change("UPDATE users_users SET first_name = 'x', avatar = 'avatars/b.png'")
  const { code, stdout } = await start('--no-media').ended
  t.equal(code, 0)
  t.match(stdout, /^Pictures: 0 copied, 0 here already, 0 missing, 1 dropped$/m)
  t.match(rows(), [{ first_name: 'x', avatar: 'a.png' }])
})
