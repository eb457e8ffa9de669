import t from 'tap'
import { eventually } from '../helper.ts'
import { SEED, seeded } from '../hostile/seeded.ts'
import { jpeg } from '../pictures.ts'
import { exchange, rawRequest } from '../raw-exchange.ts'
import { listening } from '../raw-http.ts'

/**
 * Multipart bodies that no client writes (fastify-multipart issue 594, CVE-2025-24033, GHSA-vmph-573x-85f6): a refusal, never
 * a crash, a hang or a file that is left; what comes next on a new connection is answered.
 */
const TYPE = 'multipart/form-data; boundary=x'
const text = (name: string, value: string) =>
  `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const END = '--x--\r\n'
const withHeaders = (headers: string, value = 'Ada') => `--x\r\n${headers}\r\n\r\n${value}\r\n${END}`
const NAMED = 'Content-Disposition: form-data; name="first_name"'
const FILE = 'Content-Disposition: form-data; name="avatar"; filename="a.jpg"'

/** Some of them say something all the same: then it may be written, whole. */
const ANSWERS = [200, 400, 413, 415]

const headersOfParts: Record<string, string> = {
  none: '',
  'another one only': 'X-Other: x',
  'no name': 'Content-Disposition: form-data',
  'an empty name': 'Content-Disposition: form-data; name=""',
  'a name without quotes': 'Content-Disposition: form-data; name=first_name',
  'a quote that never ends': 'Content-Disposition: form-data; name="first_name',
  'a backslash at the end': 'Content-Disposition: form-data; name="first_name\\',
  'a name twice': 'Content-Disposition: form-data; name="first_name"; name="avatar"',
  'only semicolons': `Content-Disposition: ${';'.repeat(5000)}`,
  'many parameters': `Content-Disposition: form-data${'; a=b'.repeat(5000)}; name="first_name"`,
  'parameters without values': 'Content-Disposition: form-data; name; filename',
  'an attachment': 'Content-Disposition: attachment; name="first_name"; filename="x"',
  'the header twice': `${NAMED}\r\nContent-Disposition: form-data; name="avatar"; filename="b.jpg"`,
  'no colon': 'Content-Disposition form-data; name="first_name"',
  'only colons': ':::::',
  'a NUL': 'Content-Disposition: form-data; name="first\0name"',
  'a NUL in a header’s name': `X\0: y\r\n${NAMED}`,
  'a bare CR in the name': 'Content-Disposition: form-data; name="first\rname"',
  'a bare LF in the name': 'Content-Disposition: form-data; name="first\nname"',
  'a folded line': 'Content-Disposition: form-data;\r\n name="first_name"',
  'bytes that are no UTF-8': 'Content-Disposition: form-data; name="\xff\xfe\xed\xa0\x80"',
  'an encoded name': "Content-Disposition: form-data; name*=utf-8''first%5Fname",
  'a name of an encoding that is none':
    "Content-Disposition: form-data; name*=evil''%E0%A4%A; name=first_name",
  'an encoded file name': `${FILE}; filename*=UTF-8''..%2f..%2fevil.html`,
  'a file name of a broken encoding': `${FILE}; filename*=UTF-8''%ff%zz%`,
  'a file name of 70,000': `Content-Disposition: form-data; name="avatar"; filename="${'n'.repeat(70_000)}"`,
  'a name of 70,000': `Content-Disposition: form-data; name="${'n'.repeat(70_000)}"`,
  'a name of 100,000': `Content-Disposition: form-data; name="${'n'.repeat(100_000)}"`,
  'a header of 200,000': `X: ${'y'.repeat(200_000)}\r\n${NAMED}`,
  'ten thousand headers': `${'X: y\r\n'.repeat(10_000)}${NAMED}`,
  'ten thousand different headers': `${Array.from({ length: 10_000 }, (_, i) => `X${i}: y\r\n`).join('')}${NAMED}`,
  'a type without its value': `${NAMED}\r\nContent-Type:`,
  'a type of one letter': `${NAMED}\r\nContent-Type: ;`,
  'a charset without value': `${NAMED}\r\nContent-Type: text/plain; charset`,
  'an empty charset': `${NAMED}\r\nContent-Type: text/plain; charset=`,
  'a charset that is none': `${NAMED}\r\nContent-Type: text/plain; charset=evil`,
  'a charset of the prototype': `${NAMED}\r\nContent-Type: text/plain; charset=__proto__`,
  'a charset of two bytes': `${NAMED}\r\nContent-Type: text/plain; charset=utf-16le`,
  'UTF-7': `${NAMED}\r\nContent-Type: text/plain; charset=utf-7`,
  'a transfer encoding': `${NAMED}\r\nContent-Transfer-Encoding: base64`,
  'a transfer encoding that is none': `${NAMED}\r\nContent-Transfer-Encoding: ${'z'.repeat(3000)}`,
  'a form inside': `${NAMED}\r\nContent-Type: multipart/mixed; boundary=x`,
  'JSON that is none': `${NAMED}\r\nContent-Type: application/json`,
  __proto__: 'Content-Disposition: form-data; name="__proto__"',
  constructor: 'Content-Disposition: form-data; name="constructor"',
  hasOwnProperty: 'Content-Disposition: form-data; name="hasOwnProperty"; filename="x"',
  'a header of the prototype': `__proto__: x\r\nconstructor: y\r\n${NAMED}`
}

const whole = text('first_name', 'Ada') + text('last_name', 'Byron') + END

const bodies: Record<string, string> = {
  ...Object.fromEntries(
    Object.entries(headersOfParts).map(([name, headers]) => [`a part with ${name}`, withHeaders(headers)])
  ),
  'nothing but the end': END,
  'the end first': END + whole,
  'two ends': whole + END,
  'another boundary': whole.replaceAll('--x', '--y'),
  'no end': text('first_name', 'Ada'),
  'an end without its line': whole.slice(0, -2),
  'an end with one dash': whole.replace('--x--', '--x-'),
  'LF for line ends': whole.replaceAll('\r\n', '\n'),
  'CR for line ends': whole.replaceAll('\r\n', '\r'),
  'LF CR for line ends': whole.replaceAll('\r\n', '\n\r'),
  'double line ends': whole.replaceAll('\r\n', '\r\n\r\n'),
  'no empty line': whole.replaceAll('\r\n\r\n', '\r\n'),
  'text in front': `${'a'.repeat(100_000)}\r\n${whole}`,
  'text behind': whole + 'b'.repeat(100_000),
  'boundaries only': '--x\r\n'.repeat(20_000),
  'boundaries almost': `--x\r\n${NAMED}\r\n\r\n${'\r\n--'.repeat(20_000)}\r\n${END}`,
  'CR only': '\r'.repeat(100_000),
  'dashes only': '-'.repeat(100_000),
  'NULs only': '\0'.repeat(1000),
  'a boundary inside a value': text('first_name', 'A--x--da') + END,
  'spaces behind the boundary': whole.replaceAll('--x\r\n', '--x   \r\n')
}

const types: Record<string, string> = {
  'no boundary': 'multipart/form-data',
  'an empty boundary': 'multipart/form-data; boundary=',
  'a boundary of quotes': 'multipart/form-data; boundary=""',
  'a boundary without its value': 'multipart/form-data; boundary',
  'a quote that never ends': 'multipart/form-data; boundary="x',
  'two boundaries': 'multipart/form-data; boundary=y; boundary=x',
  'a long boundary': `multipart/form-data; boundary=${'x'.repeat(4000)}`,
  'a boundary of dashes': 'multipart/form-data; boundary=----',
  'a boundary of bytes': 'multipart/form-data; boundary=\xff\xfe',
  'an encoded boundary': "multipart/form-data; boundary*=utf-8''%0d%0a",
  'a boundary of an expression': 'multipart/form-data; boundary=(a+)+$',
  'a charset too': 'multipart/form-data; charset; boundary=x',
  'many parameters': `multipart/form-data${';a=b'.repeat(2000)};boundary=x`,
  'another subtype': 'multipart/mixed; boundary=x',
  'another subtype’s beginning': 'multipart/form-datax; boundary=x'
}

/** An update at a time, of a user whose row shows whether anything was written. */
async function attack(t: Parameters<typeof listening>[0]) {
  const service = await listening(t)
  const ada = await service.signUp({ first_name: 'before', last_name: 'before' })
  await service.update(ada, { form: [['avatar', { bytes: await jpeg() }]] })
  const [before, files] = [service.row(ada.id), service.pictures()]
  const path = `/api/profile/${ada.id}/update/`
  const faults: string[] = []
  const counts = new Map<number, number>()
  async function send(name: string, body: string | Buffer, type = TYPE): Promise<void> {
    const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body
    const headers = { Authorization: `Bearer ${ada.access}`, 'Content-Type': type }
    const answer = await exchange(service.port, rawRequest('PUT', path, headers, bytes))
    counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1)
    if (!ANSWERS.includes(answer.status)) faults.push(`${name}: ${answer.status} ${answer.body.slice(0, 99)}`)
    const written = JSON.stringify(service.row(ada.id)) !== JSON.stringify(before)
    if (written && answer.status !== 200) faults.push(`${name}: refused, and something was written`)
    if (service.uploads().length > 0)
      await eventually('no file is left', () => service.uploads().length === 0).catch(() =>
        faults.push(`${name}: a file is left`)
      )
    if (written) await service.update(ada, { json: { first_name: 'before', last_name: 'before' } })
  }
  async function finish(): Promise<void> {
    t.strictSame(faults, [])
    t.strictSame(service.pictures(), files)
    t.ok((counts.get(400) ?? 0) > 0, 'some are refused')
    t.equal((await service.update(ada, { json: {} })).statusCode, 200)
    await eventually('every connection ended', async () => (await service.connections()) === 0)
  }
  return { ...service, ada, send, finish, counts }
}

t.test('bodies and headers of parts that are none', async (t) => {
  const { send, finish } = await attack(t)
  for (const [name, body] of Object.entries(bodies)) await send(name, body)
  for (const [name, type] of Object.entries(types)) await send(name, whole, type)
  await finish()
})

t.test('a form that ends anywhere is refused, and nothing of it is written', async (t) => {
  const { send, finish, counts } = await attack(t)
  const picture = (await jpeg()).toString('latin1')
  const form = `${text('first_name', 'Ada')}--x\r\n${FILE}\r\nContent-Type: image/jpeg\r\n\r\n${picture}\r\n${END}`
  const structure = form.length - END.length - 2
  const cuts = [
    ...Array.from({ length: 260 }, (_, index) => index),
    ...Array.from({ length: 30 }, (_, index) => structure - index)
  ]
  for (const cut of cuts) await send(`cut after ${cut}`, form.slice(0, cut))
  t.ok((counts.get(200) ?? 0) <= 1, 'only one that is empty is none at all')
  await finish()
})

t.test('a form with damaged bytes is taken or refused', async (t) => {
  t.comment(`seed: ${SEED}`)
  const random = seeded(SEED)
  const { send, finish } = await attack(t)
  const form = Buffer.from(
    `${text('first_name', 'Ada')}--x\r\n${FILE}\r\nContent-Type: image/jpeg\r\n\r\nno picture\r\n${text('last_name', 'B')}${END}`
  )
  const pieces = [
    '\r',
    '\n',
    '\r\n',
    '\r\n\r\n',
    '--x',
    '--x--',
    '--',
    '"',
    ';',
    '\0',
    '=',
    ':',
    '\\',
    '\xff'
  ] as const
  for (let index = 0; index < 400; index++) {
    let damaged = form
    for (let count = 1 + random.below(4); count > 0; count--) {
      const at = random.below(damaged.length)
      const kept = damaged.subarray(at + random.below(4))
      damaged = Buffer.concat([damaged.subarray(0, at), Buffer.from(random.pick(pieces), 'latin1'), kept])
    }
    await send(`damaged form ${index}`, damaged)
  }
  await finish()
})
