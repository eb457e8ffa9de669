import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import type { MediaKey } from '../../../../src/avatars/media-store.ts'
import { adoptPictures } from '../../../adopted-pictures.ts'
import { type Account, buildTestApp, encodeForm, PASSWORD } from '../../../helper.ts'
import { jpeg } from '../../../pictures.ts'
import { run, startService } from '../../../service.ts'

const doctor = (folder: string, ...args: string[]) => run(folder, { args: ['doctor', ...args] }).ended

interface Finding {
  found: string
  file: string
  outcome?: string
}

async function findings(folder: string, ...args: string[]): Promise<{ code: number; lines: Finding[] }> {
  const { code, stdout, stderr } = await doctor(folder, '--json', ...args)
  if (stderr !== '') throw new Error(stderr)
  const lines = stdout
    .trim()
    .split('\n')
    .map((line): Finding => JSON.parse(line))
  return { code, lines }
}

/** A stopped service's folder, with one user for each name; all of them have a picture. */
async function folderWithUsers(t: Test, names: string[]) {
  const folder = t.testdir({})
  const service = await buildTestApp(t, { folder })
  const users: { account: Account; file: string }[] = []
  for (const username of names) {
    const account = await service.signUp({ username })
    const { avatar } = (await service.update(account, { form: [['avatar', { bytes: await jpeg() }]] })).json()
    users.push({ account, file: avatar.replace('/media/avatars/', '') })
  }
  await service.app.close()
  const path = (name: string) => `${folder}/media/avatars/${name}`
  return {
    folder,
    users,
    path,
    row: service.row,
    sql: service.sql,
    pictures: service.pictures,
    /** A file of the given age. */
    leave(file: string, hours: number) {
      writeFileSync(file, 'left')
      const then = Date.now() / 1000 - hours * 3600
      utimesSync(file, then, then)
    }
  }
}

t.test('where rows and files agree, nothing is wrong', async (t) => {
  const { folder, pictures } = await folderWithUsers(t, ['ada', 'bob'])
  const before = pictures()
  for (const args of [[], ['--fix']]) {
    const { code, stdout } = await doctor(folder, ...args)
    t.equal(code, 0)
    t.match(stdout, /^0 files without a user .* Nothing is wrong\.\n$/)
  }
  t.strictSame(pictures(), before)
})

t.test('both directions are found, and mended when asked', async (t) => {
  const { folder, users, path, leave, row, pictures } = await folderWithUsers(t, ['ada', 'bob', 'cyd'])
  const [ada, bob, cyd] = users as [(typeof users)[0], (typeof users)[0], (typeof users)[0]]
  const stem = (name: string) => name.replace('.jpg', '')
  rmSync(path(bob.file))
  leave(path(`${stem(ada.file)}@64.webp`), 9)
  leave(path(`${stem(bob.file)}@64.webp`), 9)
  leave(path('stray.jpg'), 9)
  leave(path('.half.tmp'), 9)
  leave(path('young.jpg'), 0)
  leave(`${folder}/media/.uploads/abandoned`, 9)
  leave(`${folder}/media/.uploads/under-way`, 0)
  const before = pictures().sort()

  const found = await findings(folder)
  t.equal(found.code, 1)
  const named = found.lines.map(({ found, file }) => `${found} ${file}`).sort()
  const expected = [
    'abandoned abandoned',
    `missing ${bob.file}`,
    'stray .half.tmp',
    'stray stray.jpg',
    'summary undefined',
    'young young.jpg'
  ]
  t.strictSame(named, expected.sort())
  t.match(found.lines.at(-1), { found: 'summary', stray: 2, young: 1, abandoned: 1, missing: 1 })
  t.strictSame(pictures().sort(), before, 'it only looked')
  t.equal(row(bob.account.id)?.avatar, bob.file)
  const { stdout } = await doctor(folder)
  t.match(stdout, new RegExp(`^no picture +${bob.file} +user ${bob.account.id}$`, 'm'))
  t.match(stdout, /^no user +stray\.jpg +4 bytes +9 h old$/m)
  t.match(stdout, /--fix mends it\.\n$/)

  const mended = await findings(folder, '--fix')
  t.equal(mended.code, 0)
  t.match(
    mended.lines.find(({ found }) => found === 'missing'),
    { outcome: 'avatar taken away' }
  )
  t.strictSame(pictures().sort(), [ada.file, `${stem(ada.file)}@64.webp`, cyd.file, 'young.jpg'].sort())
  t.strictSame(readdirSync(`${folder}/media/.uploads`), ['under-way'])
  t.equal(row(bob.account.id)?.avatar, null)
  t.equal(row(ada.account.id)?.avatar, ada.file)

  const again = await findings(folder)
  t.equal(again.code, 0, 'a young file is no fault')
  t.match(again.lines, [{ found: 'young' }, { found: 'summary', stray: 0, missing: 0, abandoned: 0 }])
  t.match(await findings(folder, '--fix', '--grace', '60'), { code: 0, lines: { length: 2 } })
  t.ok(existsSync(path('young.jpg')))
  t.equal((await findings(folder, '--fix', '--grace', '0')).code, 0)
  t.notOk(existsSync(path('young.jpg')), 'the grace can be set')
  t.strictSame(readdirSync(`${folder}/media/.uploads`), [], 'without a service no upload is under way')
})

t.test('pictures from elsewhere are found by their keys', async (t) => {
  const { folder, users, path, leave, row, sql, pictures } = await folderWithUsers(t, ['ada', 'bob', 'cyd'])
  const bytes = await jpeg()
  const keys = await adoptPictures(folder, {
    'users/a b/é.jpg': bytes,
    'x%.jpg': bytes,
    'avatars/c (1)': bytes
  })
  const [there, missing, bare] = keys as [MediaKey, MediaKey, MediaKey]
  for (const [index, key] of keys.entries())
    sql('update users set avatar = ? where id = ?', key, users[index]?.account.id)
  for (const { file } of users) rmSync(path(file))
  rmSync(path(missing))
  leave(path('%2Fusers%2Fstray.jpg'), 9)
  const { code, lines } = await findings(folder, '--fix')
  t.equal(code, 0)
  t.match(lines, [
    { found: 'missing', file: '%2Fx%25.jpg', outcome: 'avatar taken away' },
    { found: 'stray', file: '%2Fusers%2Fstray.jpg', outcome: 'deleted' },
    { found: 'summary', stray: 1, young: 0, missing: 1 }
  ])
  t.strictSame(pictures().sort(), [there, bare].sort())
  t.strictSame(
    users.map(({ account }) => row(account.id)?.avatar),
    [there, null, bare]
  )
})

t.test('a folder that seems not to be mounted costs nobody an avatar, unless it is forced', async (t) => {
  const names = Array.from({ length: 12 }, (_, index) => `user${index}`)
  const { folder, users, path, leave, row, pictures } = await folderWithUsers(t, names)
  const avatars = () => users.map(({ account }) => row(account.id)?.avatar)
  leave(path('stray.jpg'), 9)
  for (const { file } of users.slice(0, 9)) rmSync(path(file))
  const few = await findings(folder)
  t.match(few.lines.at(-1), { missing: 9, refused: false })
  rmSync(path(users[9]?.file ?? ''))
  const before = pictures().sort()
  const refused = await doctor(folder, '--fix')
  t.equal(refused.code, 1)
  t.match(refused.stdout, /10 users without their picture\. .* folder mounted\? Nothing was changed/)
  t.equal(refused.stdout.match(/^no picture /gm)?.length, 10, 'what is wrong is listed all the same')
  t.notMatch(refused.stdout, /deleted|taken away/)
  t.strictSame(
    avatars(),
    users.map(({ file }) => file)
  )
  t.strictSame(pictures().sort(), before, 'in a wrong folder every file looks like a stray')
  t.match((await findings(folder, '--fix')).lines.at(-1), { missing: 10, mended: false, refused: true })

  t.equal((await doctor(folder, '--fix', '--force')).code, 0)
  t.strictSame(
    avatars(),
    users.map(({ file }, index) => (index < 10 ? null : file))
  )
  t.strictSame(pictures().sort(), before.filter((name) => name !== 'stray.jpg').sort())
})

t.test('two users who both lack their picture keep their avatars, one alone does not', async (t) => {
  const { folder, users, path, row } = await folderWithUsers(t, ['ada', 'bob'])
  const [ada, bob] = users as [(typeof users)[0], (typeof users)[0]]
  for (const { file } of users) rmSync(path(file))
  t.match(await findings(folder, '--fix'), { code: 1, lines: [{}, {}, { missing: 2, refused: true }] })
  t.equal(row(ada.account.id)?.avatar, ada.file)
  writeFileSync(path(ada.file), 'found again')
  t.match(await findings(folder, '--fix'), {
    code: 0,
    lines: [{ file: bob.file }, { missing: 1, refused: false }]
  })
  t.strictSame([row(ada.account.id)?.avatar, row(bob.account.id)?.avatar], [ada.file, null])
})

t.test(
  'beside a database without their users, ten pictures are left alone unless it is forced',
  async (t) => {
    const { folder, leave, path, pictures } = await folderWithUsers(t, [])
    for (let index = 0; index < 9; index++) leave(path(`${index}.jpg`), 9)
    t.match(await findings(folder), { code: 1 })
    leave(path('9.jpg'), 9)
    const refused = await findings(folder, '--fix')
    t.match(refused.lines.at(-1), { stray: 10, mended: false, refused: true })
    t.equal(refused.code, 1)
    t.equal(pictures().length, 10)
    t.equal((await doctor(folder, '--fix', '--force')).code, 0)
    t.strictSame(pictures(), [])
  }
)

t.test('nine missing pictures, or half of all, are mended', async (t) => {
  const names = Array.from({ length: 20 }, (_, index) => `user${index}`)
  const { folder, users, path, row } = await folderWithUsers(t, names)
  for (const { file } of users.slice(0, 10)) rmSync(path(file))
  t.equal((await doctor(folder, '--fix')).code, 0)
  for (const { file } of users.slice(10, 19)) rmSync(path(file))
  t.equal((await doctor(folder, '--fix')).code, 0)
  t.equal(users.filter(({ account }) => row(account.id)?.avatar !== null).length, 1)
})

t.test('a reader who has seen enough is no error, and does not stop the mending', async (t) => {
  const { folder, users, path, leave, pictures } = await folderWithUsers(t, ['ada'])
  for (let index = 0; index < 700; index++) leave(path(`stray${index}.jpg`), 9)
  for (const args of [['help'], ['doctor', '--help'], ['doctor', '--fix']]) {
    const { child, ended } = run(folder, { args })
    child.stdout.destroy()
    t.match(await ended, { code: 0, stdout: '', stderr: '' }, args.join(' '))
  }
  t.strictSame(pictures(), [users[0]?.file])
})

t.test('beside a running service it mends too, and the service notices', async (t) => {
  const folder = t.testdir({})
  const { origin } = await startService(t, folder)
  const json = { username: 'ada', email: 'ada@example.com', password: PASSWORD }
  const signUp = await fetch(`${origin}/api/sign-up/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(json)
  })
  const { user, access } = (await signUp.json()) as { user: { id: number }; access: string }
  const authorization = `Bearer ${access}`
  const { body, type } = await encodeForm([['avatar', { bytes: await jpeg() }]])
  await fetch(`${origin}/api/profile/${user.id}/update/`, {
    method: 'PUT',
    headers: { authorization, 'content-type': type },
    body: new Uint8Array(body)
  })
  const avatar = async () => {
    const response = await fetch(`${origin}/api/profile/`, { headers: { authorization } })
    return ((await response.json()) as { avatar: string | null }).avatar
  }
  const path = await avatar()
  t.equal((await doctor(folder)).code, 0)
  rmSync(`${folder}${path}`)
  t.equal((await doctor(folder)).code, 1)
  t.equal(await avatar(), path)
  t.equal((await doctor(folder, '--fix')).code, 0)
  t.equal(await avatar(), null)
})

t.test('where there is nothing to look at, it says so and makes nothing', async (t) => {
  const folder = t.testdir({})
  const { code, stderr, stdout } = await doctor(folder)
  t.equal(code, 2)
  t.equal(stdout, '')
  t.equal(stderr, `There is nothing to look at: ${folder}/data/profile.db does not exist.\n`)
  t.strictSame(readdirSync(folder), [])
  mkdirSync(`${folder}/data`)
  writeFileSync(`${folder}/data/profile.db`, 'no database')
  mkdirSync(`${folder}/media/avatars`, { recursive: true })
  t.match(await doctor(folder), {
    code: 2,
    stderr: /^fastify-user-profile could not run doctor: DATABASE_URL: .*file is not a database\n$/
  })
  rmSync(`${folder}/media/avatars`, { recursive: true })
  writeFileSync(`${folder}/media/avatars`, 'no folder')
  t.match(await doctor(folder), {
    code: 2,
    stderr: /^fastify-user-profile could not run doctor: MEDIA_ROOT: EEXIST.*\n$/
  })
  t.match(await run(folder, { args: ['doctor'], env: { MEDIA_SWEEP_GRACE: '0' } }).ended, {
    code: 2,
    stderr: /^fastify-user-profile could not run doctor: MEDIA_SWEEP_GRACE: .*\n$/
  })
})

t.test('words that it does not know end it with the usage', async (t) => {
  const folder = t.testdir({})
  for (const args of [
    ['doctor', '--mend'],
    ['doctor', 'all'],
    ['doctor', '--grace', 'soon'],
    ['cure'],
    ['toString'],
    ['start', 'now']
  ]) {
    const { code, stderr, stdout } = await run(folder, { args }).ended
    t.equal(code, 2, args.join(' '))
    t.equal(stdout, '')
    t.match(stderr, /fastify-user-profile (doctor \[options\]|\[command\])/)
    t.notMatch(stderr, /^\s+at /m)
  }
  for (const args of [['help'], ['--help'], ['doctor', '--help']]) {
    const { code, stdout } = await run(folder, { args }).ended
    t.equal(code, 0)
    t.match(stdout, /fastify-user-profile/)
  }
  t.strictSame(readdirSync(folder), [])
})
