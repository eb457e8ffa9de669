import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import Database from 'better-sqlite3'
import t from 'tap'
import { openListedFiles } from '../../../../src/cli/restore/listed-files.ts'
import { verifyBackup } from '../../../../src/cli/restore/verify-backup.ts'
import { backedUp, deployed, found, listAnew, rewriteManifest, runIn } from '../../../backups.ts'
import { SEED, seeded } from '../../../hostile/seeded.ts'

/** What is wrong with a backup; nothing where it is whole. */
async function damagesOf(folder: string): Promise<string[]> {
  const listed = openListedFiles()
  const damages: string[] = []
  try {
    const head = await verifyBackup({
      folder,
      listed,
      signal: new AbortController().signal,
      progress: { show() {}, end() {} },
      onDamage: (sentence) => damages.push(sentence)
    })
    if ((head === undefined) !== damages.length > 0) throw new Error('what it answers is not what it tells')
    return damages
  } finally {
    listed.close()
  }
}

/** Changes the rows of a backup, and lists the file as it is then. */
function changeRows(backup: string, sql: string): void {
  const database = new Database(`${backup}/profile.db`)
  database.exec(sql)
  database.close()
  listAnew(backup, 'profile.db')
}

type Damage = [name: string, damage: (backup: string, picture: string) => void, sentences: RegExp[]]

const damages: Damage[] = [
  [
    'a picture is gone',
    (backup, picture) => rmSync(`${backup}/${picture}`),
    [/^avatars\/\S+ is missing, or no file\.$/]
  ],
  [
    'a picture is shorter',
    (backup, picture) => truncateSync(`${backup}/${picture}`, 100),
    [/^avatars\/\S+ has 100 bytes, and had \d+ when it was backed up\.$/]
  ],
  [
    'a picture is longer',
    (backup, picture) => writeFileSync(`${backup}/${picture}`, 'x', { flag: 'a' }),
    [/ has \d+ bytes, and had \d+ when/]
  ],
  [
    'a picture has another name',
    (backup, picture) => renameSync(`${backup}/${picture}`, `${backup}/avatars/${'0'.repeat(32)}.jpg`),
    [/^avatars\/0{32}\.jpg is not of this backup\.$/, /is missing, or no file/]
  ],
  [
    'a picture is a link',
    (backup, picture) => {
      renameSync(`${backup}/${picture}`, `${backup}/../moved`)
      symlinkSync('../../moved', `${backup}/${picture}`)
    },
    [/^avatars\/\S+ is missing, or no file\.$/]
  ],
  [
    'a picture is a folder',
    (backup, picture) => {
      rmSync(`${backup}/${picture}`)
      mkdirSync(`${backup}/${picture}`)
    },
    [/is missing, or no file/]
  ],
  [
    'a picture more',
    (backup) => writeFileSync(`${backup}/avatars/more.jpg`, ''),
    [/^avatars\/more\.jpg is not of this backup\.$/]
  ],
  [
    'a file more, with a name that gives orders',
    (backup) => writeFileSync(`${backup}/\u001b[31m`, ''),
    [/^\\u\{1b\}\[31m is not of this backup\.$/]
  ],
  [
    'a log beside the rows',
    (backup) => writeFileSync(`${backup}/profile.db-wal`, ''),
    [/^profile\.db-wal is not of this backup\.$/]
  ],
  [
    'the folder of pictures is a link',
    (backup) => {
      renameSync(`${backup}/avatars`, `${backup}/../moved-avatars`)
      symlinkSync('../moved-avatars', `${backup}/avatars`)
    },
    [/^avatars is not of this backup\.$/]
  ],
  [
    'the folder of pictures is gone',
    (backup) => rmSync(`${backup}/avatars`, { recursive: true }),
    [/is missing/, /is missing/, /is missing/]
  ],
  [
    'the rows are gone',
    (backup) => rmSync(`${backup}/profile.db`),
    [/^profile\.db is missing, or no file\.$/]
  ],
  [
    'the rows are shorter',
    (backup) => truncateSync(`${backup}/profile.db`, 4096),
    [/^profile\.db has 4096 bytes/]
  ],
  [
    'the secret is another',
    (backup) => writeFileSync(`${backup}/jwt-secret`, 'x'.repeat(64)),
    [/^jwt-secret is not what was backed up\.$/]
  ],
  ['the manifest is gone', (backup) => rmSync(`${backup}/manifest.json`), [/^There is no manifest\.json/]],
  [
    'the manifest is a link',
    (backup) => {
      renameSync(`${backup}/manifest.json`, `${backup}/../moved-manifest`)
      symlinkSync('../moved-manifest', `${backup}/manifest.json`)
    },
    [/^There is no manifest\.json/]
  ],
  [
    'the manifest is empty',
    (backup) => truncateSync(`${backup}/manifest.json`),
    [/^manifest\.json is damaged\.$/]
  ],
  [
    'the manifest has no end',
    (backup) => truncateSync(`${backup}/manifest.json`, 700),
    [/^manifest\.json is damaged\.$/]
  ],
  [
    'the manifest goes on',
    (backup) => writeFileSync(`${backup}/manifest.json`, '\n', { flag: 'a' }),
    [/^manifest\.json is damaged\.$/]
  ],
  [
    'the manifest is edited',
    (backup) => {
      const path = `${backup}/manifest.json`
      writeFileSync(path, readFileSync(path, 'utf8').replace('"users":3', '"users":4'))
    },
    [/^manifest\.json is damaged\.$/]
  ],
  [
    'the manifest is laid out anew',
    (backup) => {
      const path = `${backup}/manifest.json`
      writeFileSync(path, JSON.stringify(JSON.parse(readFileSync(path, 'utf8')), undefined, 2))
    },
    [/^manifest\.json is damaged\.$/]
  ],
  [
    'the manifest is no JSON',
    (backup) => writeFileSync(`${backup}/manifest.json`, 'x'.repeat(300_000)),
    [/^manifest\.json is damaged\.$/]
  ],
  // From here on its checksum fits.
  [
    'it says less',
    (backup) => rewriteManifest(backup, (text) => text.replace(/,"counts":\{[^}]*\}/, '')),
    [/^manifest\.json is damaged\.$/]
  ],
  [
    'it is of another program',
    (backup) => rewriteManifest(backup, (text) => text.replace('fastify-user-profile', 'other')),
    [/^manifest\.json is another program’s\.$/]
  ],
  [
    'it is of a later format',
    (backup) => rewriteManifest(backup, (text) => text.replace('"formatVersion":1', '"formatVersion":2')),
    [/^the backup is of format 2, and this program knows 1 alone\.$/]
  ],
  [
    'it names a file above',
    (backup, picture) => rewriteManifest(backup, (text) => text.replace(picture, '../moved')),
    [/^manifest\.json names "\.\.\/moved", which no backup has\.$/]
  ],
  [
    'it names a picture above',
    (backup, picture) => rewriteManifest(backup, (text) => text.replace(picture, 'avatars/../profile.db')),
    [/"avatars\/\.\.\/profile\.db", which no backup has\.$/]
  ],
  [
    'it names the folder above',
    (backup, picture) => rewriteManifest(backup, (text) => text.replace(picture, 'avatars/..')),
    [/"avatars\/\.\.", which no backup has\.$/]
  ],
  [
    'it names a hidden picture',
    (backup, picture) => rewriteManifest(backup, (text) => text.replace(picture, 'avatars/.x.tmp')),
    [/which no backup has/]
  ],
  [
    'it names a whole path',
    (backup, picture) => rewriteManifest(backup, (text) => text.replace(picture, '/absolute')),
    [/which no backup has/]
  ],
  [
    'it names with backslashes',
    (backup, picture) => rewriteManifest(backup, (text) => text.replace(picture, 'avatars/..\\\\x')),
    [/which no backup has/]
  ],
  [
    'it names with a NUL',
    (backup, picture) => rewriteManifest(backup, (text) => text.replace(picture, 'avatars/x\\u0000.jpg')),
    [/which no backup has/]
  ],
  [
    'it names another file',
    (backup, picture) => rewriteManifest(backup, (text) => text.replace(picture, 'manifest.json')),
    [/which no backup has/]
  ],
  [
    'it names a file twice',
    (backup) => rewriteManifest(backup, (text) => text.replace(/^(\{"name":"profile.*)$/m, '$1\n$1')),
    [/^manifest\.json names profile\.db twice\.$/]
  ],
  [
    'it names no rows',
    (backup) => rewriteManifest(backup, (text) => text.replace(/^\{"name":"profile.*\n/m, '')),
    [
      /^profile\.db is not of this backup\.$/,
      /^manifest\.json names no profile\.db\.$/,
      /^manifest\.json counts \d+ bytes, and names \d+\.$/
    ]
  ],
  [
    'it counts more pictures',
    (backup) => rewriteManifest(backup, (text) => text.replace('"pictures":3', '"pictures":4')),
    [/^manifest\.json counts 4 pictures, and names 3\.$/]
  ],
  [
    'it counts other users',
    (backup) => rewriteManifest(backup, (text) => text.replace('"users":3', '"users":4')),
    [/^manifest\.json counts 4 users, and there are 3\.$/]
  ],
  [
    'its sizes are no numbers',
    (backup) => rewriteManifest(backup, (text) => text.replace(/"bytes":\d+,"sha/, '"bytes":-1,"sha')),
    [/^manifest\.json is damaged\.$/]
  ],
  [
    'its checksums are none',
    (backup) => rewriteManifest(backup, (text) => text.replace(/"sha256":"\w/, '"sha256":"X')),
    [/^manifest\.json is damaged\.$/]
  ],
  [
    'it knows of no missing picture',
    (backup, picture) => {
      rmSync(`${backup}/${picture}`)
      rewriteManifest(backup, (text) => {
        const bytes = Number(/"bytes":(\d+)/.exec(text.slice(text.indexOf(picture)))?.[1])
        return text
          .replace(new RegExp(`^\\{"name":"${picture}".*\\n`, 'm'), '')
          .replace(/\},\n\],"missing/, '}\n],"missing')
          .replace('"pictures":3', '"pictures":2')
          .replace(/"bytes":(\d+)\},"files"/, (_all, sum) => `"bytes":${Number(sum) - bytes}},"files"`)
      })
    },
    [/^A user has the picture \S+, which is not in the backup\.$/]
  ],
  // And that of the rows does, too.
  [
    'the rows are others',
    (backup) => changeRows(backup, 'delete from users where id = 1'),
    [/counts 3 users, and there are 2/, /^avatars\/\S+ is no user’s picture\.$/]
  ],
  [
    'the rows name other pictures',
    (backup) => changeRows(backup, "update users set avatar = 'other.jpg' where id = 1"),
    [/^A user has the picture other\.jpg, which is not/, /is no user’s picture/]
  ],
  [
    'rows refer to nothing',
    (backup) =>
      changeRows(
        backup,
        "pragma foreign_keys = off; insert into sessions (id, user_id, expires_at) values ('s', 99, 1)"
      ),
    [/^profile\.db: row \d+ of sessions refers to nothing\.$/]
  ],
  [
    'the rows are of a later version',
    (backup) =>
      changeRows(backup, "insert into __drizzle_migrations (hash, created_at) values ('x', 9999999999999)"),
    [
      /^profile\.db is of another schema than manifest\.json says\.$/,
      /^The backup is of a newer version, \d+\.\d+\.\d+, than this program/
    ]
  ],
  [
    'the names are of a later rule',
    (backup) => changeRows(backup, 'pragma user_version = 1000'),
    [/of another schema/, /of a newer version/]
  ],
  [
    'the rows are of a version that never was',
    (backup) => changeRows(backup, 'update __drizzle_migrations set created_at = created_at - 1'),
    [/of another schema/, /of a schema that this program does not know/]
  ],
  [
    'the rows are of another program',
    (backup) => {
      rmSync(`${backup}/profile.db`)
      changeRows(backup, 'create table other (x)')
    },
    [/^profile\.db: no such table: \w+\.$/]
  ],
  [
    'the rows are no database',
    (backup) => {
      writeFileSync(`${backup}/profile.db`, Buffer.alloc(8192, 1))
      listAnew(backup, 'profile.db')
    },
    [/^profile\.db: file is not a database\.$/]
  ],
  [
    'pages of the rows are damaged',
    (backup) => {
      const bytes = readFileSync(`${backup}/profile.db`)
      bytes.fill(0x5a, 4096 * 3, 4096 * 4)
      writeFileSync(`${backup}/profile.db`, bytes)
      listAnew(backup, 'profile.db')
    },
    [/^profile\.db: /]
  ],
  [
    'the rows need a log',
    (backup) => changeRows(backup, 'pragma journal_mode = wal'),
    [/^profile\.db is not all there: it needs a log beside it\.$/]
  ]
]

t.test('each kind of damage is named, and nothing is made beside it', async (t) => {
  const { folder } = await deployed(t)
  const whole = await backedUp(folder)
  t.strictSame(await damagesOf(whole), [])
  for (const [index, [name, damage, sentences]] of damages.entries()) {
    mkdirSync(`${folder}/damaged/${index}`, { recursive: true })
    const backup = `${folder}/damaged/${index}/backup`
    cpSync(whole, backup, { recursive: true })
    damage(backup, `avatars/${readdirSync(`${whole}/avatars`).sort()[1]}`)
    const before = found(backup)
    const told = (await damagesOf(backup)).sort()
    const matched = sentences.every((sentence) => told.some((one) => sentence.test(one)))
    t.ok(matched, `${name}: ${told.join(' ')}`)
    if (!sentences[0]?.source.startsWith('^profile\\.db: ')) t.equal(told.length, sentences.length, name)
    t.strictSame(found(backup), before, name)
  }
})

t.test('one flipped bit anywhere is found', async (t) => {
  const { folder } = await deployed(t)
  const backup = await backedUp(folder)
  const random = seeded(SEED)
  const names = readdirSync(backup, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
  t.equal(names.length, 6)
  for (const path of names) {
    const bytes = readFileSync(path)
    for (let times = 0; times < 20; times++) {
      const at = random.below(bytes.length)
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8))
      writeFileSync(path, flipped)
      const told = await damagesOf(backup)
      t.equal(told.length, 1, `${path} at ${at}: ${told}`)
    }
    writeFileSync(path, bytes)
  }
  t.strictSame(await damagesOf(backup), [])
})

t.test('the commands tell each damage, and nothing is restored of what is damaged', async (t) => {
  const { folder } = await deployed(t)
  const backup = await backedUp(folder)
  rmSync(`${backup}/jwt-secret`)
  writeFileSync(`${backup}/more`, '')
  const lines = 'more is not of this backup.\njwt-secret is missing, or no file.\n'
  const verified = await runIn(folder, 'restore', '--verify', 'backup')
  t.match(verified, { code: 1, stdout: '', stderr: `${lines}The backup is damaged.\n` })
  const json = await runIn(folder, 'restore', '--verify', '--json', 'backup')
  t.match(json, { code: 1, stderr: 'The backup is damaged.\n' })
  t.strictSame(JSON.parse(json.stdout), { folder: backup, whole: false, damages: lines.trim().split('\n') })
  const place = `${folder}/other-machine`
  mkdirSync(place)
  const restored = await runIn(place, 'restore', backup)
  t.match(restored, { code: 1, stdout: '', stderr: `${lines}The backup is damaged; nothing was restored.\n` })
  t.strictSame(readdirSync(place), [])
})

t.test('a whole one may be on a disk that can’t be written, and be named by a link', async (t) => {
  const { folder } = await deployed(t)
  const backup = await backedUp(folder)
  symlinkSync('backup', `${folder}/latest`)
  for (const name of ['profile.db', 'manifest.json']) chmodSync(`${backup}/${name}`, 0o400)
  chmodSync(backup, 0o500)
  const { code, stdout } = await runIn(folder, 'restore', '--verify', 'latest')
  t.equal(code, 0)
  t.match(stdout, /^The backup is whole: 3 users and 3 pictures as of \S+Z\.\n$/)
  const json = await runIn(folder, 'restore', '--verify', '--json', 'latest')
  t.match(JSON.parse(json.stdout), { whole: true, users: 3, pictures: 3, missing: 0, bytes: Number })
  chmodSync(backup, 0o700)
})

t.test('words that it does not know, and folders that are not there', async (t) => {
  const folder = t.testdir({ file: '' })
  for (const args of [[], ['one', 'two'], ['--all', 'one'], ['--verify', '--replace', 'one']]) {
    const { code, stdout, stderr } = await runIn(folder, 'restore', ...args)
    t.strictSame([code, stdout], [2, ''], args.join(' '))
    t.match(stderr, /\n\nfastify-user-profile restore FOLDER \[options\]\n/)
    t.notMatch(stderr, /^\s+at /m)
  }
  for (const name of ['none', 'file', 'file/none'])
    t.match(await runIn(folder, 'restore', '--verify', name), {
      code: 2,
      stderr: `There is no folder ${folder}/${name}.\n`
    })
})
