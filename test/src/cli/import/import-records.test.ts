import t from 'tap'
import { openSqliteStores } from '../../../../src/stores/sqlite/open-sqlite.ts'
import { deployments } from './deployments.ts'

/** What administrators are shown. */
async function recordsIn(folder: string) {
  const { admin, close } = openSqliteStores({ path: `${folder}/data/profile.db` })
  try {
    return await admin.imports(100)
  } finally {
    await close()
  }
}

t.test('what came of an import is kept as its report has it', async (t) => {
  const { folder, path, addUser, addPicture, importAll } = deployments(t)
  addPicture('avatars/ada.png')
  addUser(1, 'ada', { avatar: 'avatars/ada.png' })
  addUser(2, 'bob', { avatar: 'avatars/none.png', password: 'md5$a$b' })
  addUser(3, 'BOB', { email: 'x@example.com' })
  const before = Date.now()
  const { findings, summary } = await importAll()
  t.ok(findings.length >= 3)
  const records = await recordsIn(folder)
  t.equal(records.length, 1)
  const [record] = records
  t.ok(record && record.at >= before && record.at <= Date.now(), 'when it ended')
  t.strictSame({ ...record?.summary, seconds: 0 }, { ...summary, seconds: 0 })
  t.match(record?.summary, { database: path, users: { created: 2, left_out: 1 }, dry_run: false })
  const byKind = (lines: readonly Readonly<Record<string, unknown>>[]) =>
    lines.map((line) => JSON.stringify(line)).sort()
  t.strictSame(byKind(record?.findings ?? []), byKind(findings))
})

t.test('a dry run, and an import that fails, leave no record', async (t) => {
  const { folder, addUser, importAll, start } = deployments(t)
  addUser(1, 'ada')
  t.equal((await importAll()).code, 0)
  addUser(2, 'bob')
  t.match(await importAll('--dry-run'), { code: 0, summary: { dry_run: true, users: { created: 1 } } })
  t.equal((await start('--table', 'nothing').ended).code, 2)
  const records = await recordsIn(folder)
  t.equal(records.length, 1)
  t.match(records, [{ summary: { users: { created: 1, read: 1 } } }])
})

t.test('a hundred findings of each kind are kept, and their texts are cut', async (t) => {
  const { folder, addUser, importAll } = deployments(t)
  for (let id = 1; id <= 130; id++)
    addUser(id, `user${id}`, { avatar: `avatars/${'x'.repeat(400)}${id}.png` })
  for (let id = 201; id <= 203; id++) addUser(id, `user${id}`, { password: 'md5$a$b' })
  const { summary } = await importAll()
  t.match(summary, { findings: { missing_picture: 130, password_unusable: 3 } })
  const [record] = await recordsIn(folder)
  const of = (kind: string) => record?.findings.filter(({ finding }) => finding === kind) ?? []
  t.equal(of('missing_picture').length, 100)
  t.equal(of('password_unusable').length, 3)
  t.equal(record?.findings.length, 103)
  t.equal(of('missing_picture')[0]?.path, `${`avatars/${'x'.repeat(400)}`.slice(0, 300)}…`)
  t.match(record?.summary, { findings: { missing_picture: 130 } })
})

t.test('the last twenty imports are kept', async (t) => {
  const { folder, addUser, importAll, write } = deployments(t)
  addUser(1, 'ada')
  await importAll()
  for (let id = 2; id <= 25; id++)
    write(`INSERT INTO imports VALUES (?, ?, '{"number":${id}}', '[]')`, id, id)
  await importAll()
  const records = await recordsIn(folder)
  t.strictSame(
    records.map(({ id }) => id),
    Array.from({ length: 20 }, (_, index) => 26 - index)
  )
  t.match(records[0], { summary: { users: { unchanged: 1 } }, findings: [] })
  t.match(records[1], { at: 25, summary: { number: 25 } })
})
