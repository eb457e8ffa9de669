import t from 'tap'
import { createBoundedQueue } from '../../../src/bounded-queue.ts'
import { createPasswordHasher } from '../../../src/passwords/password-hasher.ts'
import { seeded } from '../../hostile/seeded.ts'
import { TEMPLATE_PASSWORD, TEMPLATES } from './django-vectors.ts'

const hasher = createPasswordHasher(createBoundedQueue({ concurrency: 2, maxWaiting: 100 }))

t.test('a hash that was cut off anywhere matches nothing', async (t) => {
  for (const template of Object.values(TEMPLATES)) {
    const encoded = template()
    for (let length = 0; length < encoded.length; length++) {
      t.equal(
        await hasher.verify(TEMPLATE_PASSWORD, encoded.slice(0, length)),
        false,
        encoded.slice(0, length)
      )
    }
  }
})

t.test('a garbled hash matches nothing and fails nobody', async (t) => {
  const random = seeded(52)
  const damage: ((text: string, at: number) => string)[] = [
    (text, at) => text.slice(0, at) + text.slice(at + 1),
    (text, at) => text.slice(0, at) + text.slice(at + 1 + random.below(text.length)),
    (text, at) =>
      `${text.slice(0, at)}${random.pick(['$', '$$', ',', '=', '!', '\0', '\n', 'é'])}${text.slice(at)}`,
    (text, at) => text.slice(0, at) + String.fromCharCode(33 + random.below(94)) + text.slice(at + 1),
    (text, at) => text.slice(at) + text.slice(0, at),
    (text, at) => text.slice(0, at) + text,
    (text, at) => text.slice(0, at) + (text[at] ?? '').toUpperCase() + text.slice(at + 1)
  ]
  let tried = 0
  for (const template of Object.values(TEMPLATES)) {
    const encoded = template()
    // Another name of the same version of bcrypt is no damage.
    const same = [encoded, encoded.replace('$2b$', '$2a$'), encoded.replace('$2b$', '$2y$')]
    for (let round = 0; round < 40; round++) {
      for (const change of damage) {
        const garbled = change(encoded, random.below(encoded.length))
        if (same.includes(garbled)) continue
        t.equal(await hasher.verify(TEMPLATE_PASSWORD, garbled), false, garbled)
        tried++
      }
    }
  }
  t.ok(tried > 1200, `${tried}`)
})
