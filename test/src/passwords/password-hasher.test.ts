import { readFileSync } from 'node:fs'
import t from 'tap'
import { createBoundedQueue } from '../../../src/bounded-queue.ts'
import { createHashTimes } from '../../../src/passwords/hash-times.ts'
import { createPasswordHasher } from '../../../src/passwords/password-hasher.ts'
import { TEMPLATES } from './django-vectors.ts'

const hasher = createPasswordHasher(createBoundedQueue({ concurrency: 2, maxWaiting: 100 }))

t.test('a hash is argon2id in Django’s encoding, salted, and matches its password only', async (t) => {
  const [one, other] = await Promise.all([hasher.hash('correct horse'), hasher.hash('correct horse')])
  t.match(one, /^argon2\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  t.not(one, other)
  t.equal(await hasher.verify('correct horse', one), true)
  for (const wrong of ['correct horse ', 'Correct horse', '', 'correct horse\0'])
    t.equal(await hasher.verify(wrong, one), false)
})

t.test('a full queue is not remembered', async (t) => {
  const hasher = createPasswordHasher(createBoundedQueue({ concurrency: 1, maxWaiting: 0 }))
  const running = hasher.hash('x')
  await t.rejects(hasher.verifyNobody('x'), { code: 'unavailable' })
  await running
  t.equal(await hasher.verifyNobody('x'), false)
})

t.test('nobody’s password never matches, and is hashed with the same parameters as any', async (t) => {
  const parameters = (encoded: string) => encoded.split('$').slice(0, 4)
  const source = readFileSync(new URL('../../../src/passwords/password-hasher.ts', import.meta.url), 'utf8')
  const nobody = /'(argon2\$argon2id\$\S+)'/.exec(source)?.[1] ?? ''
  t.strictSame(parameters(nobody), parameters(await hasher.hash('x')))
  t.equal(await hasher.verifyNobody(''), false)
  t.equal(await hasher.verifyNobody('correct horse'), false)
})

t.test('a hash is made anew unless it is what a new one would be', async (t) => {
  const fresh = await hasher.hash('x')
  t.equal(hasher.needsRehash(fresh), false)
  const others = [
    fresh.replace('m=19456', 'm=19457'),
    fresh.replace('t=2', 't=3'),
    fresh.replace('p=1', 'p=2'),
    fresh.replace('v=19', 'v=16'),
    fresh.replace('argon2id', 'argon2i'),
    fresh.replace('argon2$', 'argon2$argon2$'),
    fresh.slice(0, -1),
    `${fresh}A`,
    `${fresh}\n`,
    'argon2$argon2id$v=19$m=102400,t=2,p=8$Vml4M3ZqSkpXd050UkljaXd1enJIUQ$FKapgPq67j93nWvrnJu/mhKdq/DhyHWS+Wys75QWg5Y',
    'pbkdf2_sha256$1000000$Uv17ZCydczyZfl2Ay8m7gg$nNUW74zbWLmgNs3WxbpxBZCuHlMM/kCWP1+ResSVRgM=',
    '',
    '!'
  ]
  for (const other of others) t.equal(hasher.needsRehash(other), true, other)
})

t.test('who fails waits for as long as the hash was done sooner than the slowest kind', async (t) => {
  let time = 0
  let takes = 0
  const now = () => {
    time += takes / 2
    return time
  }
  const waited: number[] = []
  const wait = async (ms: number) => void waited.push(ms)
  const queue = createBoundedQueue({ concurrency: 1, maxWaiting: 0 })
  // Each is measured by two looks at the clock, of which the second is half the time behind the first.
  const hasher = createPasswordHasher(queue, createHashTimes(now), wait)
  const verify = async (encoded: string | undefined, ms: number) => {
    takes = 2 * ms
    await (encoded === undefined ? hasher.verifyNobody('x') : hasher.verify('x', encoded))
    await hasher.evenOut(encoded)
    return waited.splice(0)
  }
  const [weak, strong] = [TEMPLATES.pbkdf2_sha256(), TEMPLATES.pbkdf2_sha256('2000')]
  t.strictSame(await verify(undefined, 30), [], 'nothing slower was met')
  t.strictSame(await verify(strong, 270), [])
  t.strictSame(await verify(undefined, 30), [240])
  t.strictSame(await verify(weak, 100), [170], 'other numbers are another kind')
  t.strictSame(await verify(undefined, 2000), [240], 'what else goes on makes no kind slow')
  t.strictSame(await verify(strong, 250), [])
  t.strictSame(await verify(undefined, 30), [220])
  for (const unusable of ['', '!', 'md5$x$y']) t.strictSame(await verify(unusable, 1), [])
})
