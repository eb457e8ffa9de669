import t from 'tap'
import { describeHash } from '../../../src/passwords/django-hashes.ts'
import { makeUnusableHash } from '../../../src/passwords/unusable-hash.ts'

t.test('in the place of a hash stands Django’s mark of no password, never twice the same', async (t) => {
  const made = Array.from({ length: 100 }, makeUnusableHash)
  for (const hash of made) t.match(hash, /^![A-Za-z0-9]{40}$/)
  t.equal(new Set(made).size, made.length)
  t.strictSame(describeHash(makeUnusableHash()), { usable: false, reason: 'unusable' })
})
