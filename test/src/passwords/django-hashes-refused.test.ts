import t from 'tap'
import { createBoundedQueue } from '../../../src/bounded-queue.ts'
import { describeHash, type NoMatchReason } from '../../../src/passwords/django-hashes.ts'
import { createPasswordHasher } from '../../../src/passwords/password-hasher.ts'
import type { HashAlgorithm } from '../../../src/passwords/verifiers/hash-verifier.ts'
import { idleQueue, TEMPLATE_PASSWORD, TEMPLATES } from './django-vectors.ts'

const hasher = createPasswordHasher(createBoundedQueue({ concurrency: 2, maxWaiting: 100 }))
const idle = createPasswordHasher(idleQueue)

const unlike: Record<string, [reason: NoMatchReason, encoded: string[]]> = {
  'no password': ['unusable', ['', '!', '!$', `!${'x'.repeat(40)}`, `!${TEMPLATES.bcrypt()}`]],
  'other algorithms': [
    'unknown',
    [
      'md5$salt$5f4dcc3b5aa765d61d8327deb882cf99',
      '5f4dcc3b5aa765d61d8327deb882cf99',
      'sha1$$5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8',
      'crypt$$Nuwwy',
      'plain',
      'scryptx',
      '$2b$04$dDLis/MdAdZrm5NarxZRFesbLbMOalN1kgemjUk5wJVntYMj5bqqa',
      'PBKDF2_SHA256$1000$a$h7NqOq+acqxGi1OieHz+nIKX5jv/6r6rQcRP2ro4ja0=',
      'constructor$1$a$b',
      '__proto__$1$a$b',
      '$',
      'x'.repeat(100_000)
    ]
  ],
  'what no encoder writes': [
    'malformed',
    [
      ...Object.keys(TEMPLATES),
      ...Object.keys(TEMPLATES).map((name) => `${name}$`),
      'pbkdf2_sha256$1000$$h7NqOq+acqxGi1OieHz+nIKX5jv/6r6rQcRP2ro4ja0=',
      'pbkdf2_sha256$1000$salt$h7NqOq+acqxGi1OieHz+nIKX5jv/6r6rQcRP2ro4ja0',
      'pbkdf2_sha256$1000$salt$h7NqOq+acqxGi1OieHz+nIKX5jv/6r6rQcRP2ro4ja1=',
      'pbkdf2_sha256$1000$salt$h7NqOq-acqxGi1OieHz-nIKX5jv_6r6rQcRP2ro4ja0=',
      'pbkdf2_sha256$1000$salt$+I4GyrlyXjfLWNBdNpKji9ROYnE=',
      `pbkdf2_sha256$1000$${'x'.repeat(1024)}$h7NqOq+acqxGi1OieHz+nIKX5jv/6r6rQcRP2ro4ja0=`,
      `${TEMPLATES.pbkdf2_sha1()}\n`,
      `${TEMPLATES.argon2()}=`,
      ...['v=18$', 'v=019$', 'v=$', 'v=19,'].map((version) => TEMPLATES.argon2().replace('v=19$', version)),
      TEMPLATES.argon2('15'),
      'argon2$argon2id$v=19$m=64,t=1,p=2$c2FsdA$tyYrgfjN/f6P3Vwjk3icDyN92oCbLhn0ayCGZBdRE9Q',
      'argon2$argon2id$v=19$m=64,t=1,p=2$NXZuREExb1k3dGZKU1VaU2NFeFZiOA$tyYrgfjN',
      `argon2$argon2id$v=19$m=64,t=1,p=2$NXZuREExb1k3dGZKU1VaU2NFeFZiOA$${'A'.repeat(88)}`,
      TEMPLATES.scrypt('1'),
      TEMPLATES.scrypt('17'),
      TEMPLATES.scrypt('65536', '1'),
      TEMPLATES.bcrypt('4'),
      TEMPLATES.bcrypt('03'),
      TEMPLATES.bcrypt('32'),
      TEMPLATES.bcrypt().replace('2b', '2x'),
      TEMPLATES.bcrypt().replace(/a$/, 'b'),
      TEMPLATES.bcrypt().replace('Fesb', 'Ffsb')
    ]
  ]
}
for (const [name, [reason, hashes]] of Object.entries(unlike)) {
  t.test(`${name} matches nothing, at no cost`, async (t) => {
    for (const encoded of hashes) {
      const shown = encoded.slice(0, 120)
      t.strictSame(describeHash(encoded), { usable: false, reason }, shown)
      for (const password of ['', 'plain', 'password', TEMPLATE_PASSWORD])
        t.equal(await idle.verify(password, encoded), false, shown)
    }
  })
}

/** Up to the first it is taken, the others are too much. */
const limits: [algorithm: HashAlgorithm, taken: string[], tooMuch: string[][]][] = [
  ['pbkdf2_sha256', ['10000000'], [['10000001'], ['9'.repeat(400)]]],
  ['pbkdf2_sha1', ['10000000'], [['10000001'], ['9'.repeat(400)]]],
  ['argon2', ['262144', '4', '16'], [['262145', '1'], ['262144', '5'], ['4294967296']]],
  [
    'argon2',
    ['16384', '64', '16'],
    [
      ['16384', '65'],
      ['16384', '1', '17'],
      ['64', '9'.repeat(400)]
    ]
  ],
  [
    'scrypt',
    ['131072', '8', '4'],
    [
      ['262144', '8'],
      ['131072', '8', '5'],
      ['2', '8', '9'.repeat(400)]
    ]
  ],
  ['scrypt', ['32768', '32', '4'], [['2', '33'], ['2', '8', '17'], ['9'.repeat(400)]]],
  ['bcrypt_sha256', ['15'], [['16'], ['31']]],
  ['bcrypt', ['15'], [['16'], ['31']]]
]
t.test('hashes over a limit are refused before any work, those at the limit are not', async (t) => {
  for (const [algorithm, taken, tooMuch] of limits) {
    const template = TEMPLATES[algorithm]
    t.strictSame(describeHash(template(...taken)), { usable: true, algorithm })
    for (const numbers of tooMuch) {
      const encoded = template(...numbers)
      t.strictSame(describeHash(encoded), { usable: false, reason: 'over_cap' }, encoded)
      t.equal(await idle.verify(TEMPLATE_PASSWORD, encoded), false, encoded)
    }
  }
})

t.test('numbers are decimal digits as Django writes them, nothing else', async (t) => {
  const strange = [
    '',
    '0',
    '-1',
    '-16',
    '+16',
    '016',
    ' 16',
    '16 ',
    '1_6',
    '16.0',
    '1e1',
    '0x10',
    '１６',
    '16\n',
    'NaN'
  ]
  for (const [algorithm, template] of Object.entries(TEMPLATES)) {
    t.equal(await hasher.verify(TEMPLATE_PASSWORD, template()), true, algorithm)
    const places = { argon2: 3, scrypt: 3 }[algorithm] ?? 1
    for (let place = 0; place < places; place++) {
      for (const number of strange) {
        // Those before it as they are: an argument that is left out.
        const encoded = template(...Array(place).fill(undefined), number)
        t.strictSame(describeHash(encoded), { usable: false, reason: 'malformed' }, encoded)
        t.equal(await idle.verify(TEMPLATE_PASSWORD, encoded), false, encoded)
      }
    }
  }
})
