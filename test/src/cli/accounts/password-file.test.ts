import { writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import t from 'tap'
import {
  readPasswordFile,
  readPasswordLine,
  UnreadablePassword
} from '../../../../src/cli/accounts/password-file.ts'
import { PASSWORD } from '../../../helper.ts'

const LATIN_1 = Buffer.from([0x70, 0xe4, 0xdf])

t.test('a file’s password is all of it but a line end behind it', async (t) => {
  const cases: [text: string, password: string][] = [
    [PASSWORD, PASSWORD],
    [`${PASSWORD}\n`, PASSWORD],
    [`${PASSWORD}\r\n`, PASSWORD],
    [` ${PASSWORD}\t\n`, ` ${PASSWORD}\t`],
    ['pässwörd 🐎\n', 'pässwörd 🐎'],
    ['x'.repeat(4096), 'x'.repeat(4096)],
    ['', ''],
    ['\n', '']
  ]
  const file = `${t.testdir({})}/password`
  for (const [text, password] of cases) {
    writeFileSync(file, text)
    t.equal(await readPasswordFile(file), password)
  }
})

t.test('what is no password is not read as one, nor repeated', async (t) => {
  const folder = t.testdir({ folder: {}, lines: 'hunter2\n\n', long: `hunter2${'x'.repeat(4090)}` })
  writeFileSync(`${folder}/latin`, LATIN_1)
  const cases: [name: string, said: RegExp][] = [
    ['missing', /^ENOENT/],
    ['folder', /^EISDIR/],
    ['lines', /^expected one line$/],
    ['long', /^expected at most 4096 bytes$/],
    ['latin', /^expected UTF-8$/]
  ]
  for (const [name, message] of cases) {
    const error: unknown = await readPasswordFile(`${folder}/${name}`).catch((thrown: unknown) => thrown)
    t.type(error, UnreadablePassword)
    t.match(error, { message })
    t.notMatch(error, { message: /hunter2/ })
  }
})

t.test('of what comes in, the password is the first line, however it is cut', async (t) => {
  const chunks = (...texts: string[]) => Readable.from(texts.map((text) => Buffer.from(text)))
  t.equal(await readPasswordLine(chunks(`${PASSWORD}\nmore\n`)), PASSWORD)
  t.equal(await readPasswordLine(chunks('correct ', 'horse', ' 42', '\r\n', 'more')), PASSWORD)
  t.equal(await readPasswordLine(chunks(PASSWORD)), PASSWORD)
  t.equal(await readPasswordLine(chunks(`${PASSWORD}\n${'x'.repeat(100_000)}`)), PASSWORD)
  t.equal(await readPasswordLine(chunks()), '')
  await t.rejects(readPasswordLine(Readable.from([LATIN_1])), { message: 'expected UTF-8' })
  let sent = 0
  const endless = Readable.from(
    (function* () {
      for (; sent < 1_000_000; sent += 1024) yield Buffer.alloc(1024, 'x')
    })()
  )
  await t.rejects(readPasswordLine(endless), { message: 'expected at most 4096 bytes' })
  t.ok(sent < 100_000, 'it read no further')
})
