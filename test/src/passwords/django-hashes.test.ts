import t from 'tap'
import { createBoundedQueue } from '../../../src/bounded-queue.ts'
import { describeHash } from '../../../src/passwords/django-hashes.ts'
import { createPasswordHasher } from '../../../src/passwords/password-hasher.ts'
import { vectors } from './django-vectors.ts'

const hasher = createPasswordHasher(createBoundedQueue({ concurrency: 2, maxWaiting: 100 }))

/** Passwords that are almost the one; without what is the same after all. */
function nearMisses(password: string): string[] {
  const swapped = password.replace(/\p{L}/gu, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()
  )
  const all = [
    `${password} `,
    ` ${password}`,
    `${password}x`,
    `x${password.slice(1)}`,
    password.slice(0, -1),
    password.trim(),
    password.replace(/\0.*/s, ''),
    swapped,
    password.normalize('NFC'),
    password.normalize('NFD')
  ]
  return [...new Set(all)].filter((one) => one !== password)
}

for (const { title, password, encoded } of vectors.cheap) {
  const kind = encoded.split('$').slice(0, -2).join('$')
  t.test(`Django’s ${kind} of a password (${title}) matches it, and nothing close to it`, async (t) => {
    t.strictSame(describeHash(encoded), { usable: true, algorithm: encoded.split('$')[0] })
    t.equal(await hasher.verify(password, encoded), true)
    for (const wrong of nearMisses(password)) t.equal(await hasher.verify(wrong, encoded), false, wrong)
  })
}

t.test(
  'hashes at the cost that Django 5.2 gives them verify, and one of scrypt that takes 32 MiB',
  async (t) => {
    t.strictSame(
      vectors.costly.map(({ encoded }) => encoded.replace(/\$[^$=]{22,}/g, '…')),
      [
        'pbkdf2_sha256$1000000……=',
        'pbkdf2_sha1$1000000……=',
        'argon2$argon2id$v=19$m=102400,t=2,p=8……',
        'scrypt$16384…$8$5…==',
        'scrypt$32768…$8$1…==',
        'bcrypt_sha256$$2b$12…',
        'bcrypt$$2b$12…'
      ]
    )
    await Promise.all(
      vectors.costly.map(async ({ password, encoded }) => {
        t.equal(await hasher.verify(password, encoded), true, encoded)
        t.equal(await hasher.verify(`${password} `, encoded), false, encoded)
      })
    )
  }
)
