import type { Test } from 'tap'
import type { SessionStore } from '../../src/tokens/session-store.ts'
import type { UserStore } from '../../src/users/user-store.ts'
import { newUser } from './user-store.ts'

interface Opened {
  users: UserStore
  sessions: SessionStore
}

const HOUR = 3_600_000
const token = (jti: string, expiresAt = HOUR) => ({ jti, expiresAt })
const grace = (at: number) => ({ at, graceMs: 10_000 })

/** What every `SessionStore` promises. `open` answers empty stores, closed when the test ends. */
export function sessionStoreContract(t: Test, open: (t: Test) => Promise<Opened>): void {
  const withUser = async (t: Test) => {
    const stores = await open(t)
    const { id } = await stores.users.create(newUser('ada'))
    return { ...stores, id }
  }

  t.test('a token is used up by its rotation, and the next one lives', async (t) => {
    const { sessions, id } = await withUser(t)
    await sessions.start(id, token('a'), 0)
    t.equal(await sessions.isRevoked('a'), false)
    t.equal(await sessions.rotate(id, token('a'), token('b'), grace(0)), 'rotated')
    t.equal(await sessions.isRevoked('a'), true)
    t.equal(await sessions.isRevoked('b'), false)
    t.equal(await sessions.rotate(id, token('b'), token('c'), grace(1)), 'rotated')
  })

  t.test('a token used again within the grace gets a next one too', async (t) => {
    const { sessions, id } = await withUser(t)
    await sessions.start(id, token('a'), 0)
    t.equal(await sessions.rotate(id, token('a'), token('b'), grace(1000)), 'rotated')
    t.equal(await sessions.rotate(id, token('a'), token('c'), grace(11_000)), 'rotated')
    t.equal(await sessions.rotate(id, token('b'), token('d'), grace(11_000)), 'rotated')
    t.equal(await sessions.rotate(id, token('c'), token('e'), grace(11_000)), 'rotated')
  })

  t.test('a token used again after the grace ends its whole session, descendants included', async (t) => {
    const { sessions, id } = await withUser(t)
    await sessions.start(id, token('a'), 0)
    await sessions.start(id, token('elsewhere'), 0)
    await sessions.rotate(id, token('a'), token('b'), grace(0))
    await sessions.rotate(id, token('b'), token('c'), grace(0))
    t.equal(await sessions.rotate(id, token('a'), token('x'), grace(10_001)), 'reused')
    t.equal(await sessions.rotate(id, token('c'), token('y'), grace(10_001)), 'ended')
    t.equal(await sessions.isRevoked('c'), true)
    t.equal(
      await sessions.rotate(id, token('elsewhere'), token('z'), grace(10_001)),
      'rotated',
      'others go on'
    )
  })

  t.test('a session is not ended in the place of itself', async (t) => {
    const { sessions, id } = await withUser(t)
    await sessions.start(id, token('a'), 0)
    await sessions.start(id, token('elsewhere'), 0)
    await sessions.rotate(id, token('a'), token('b'), grace(0))
    await sessions.rotate(id, token('a'), token('c'), grace(0))
    t.equal(await sessions.end(id, token('b'), 1, 'c'), false)
    t.equal(await sessions.end(id, token('b'), 1, 'b'), false)
    t.equal(await sessions.isRevoked('b'), false)
    t.equal(await sessions.end(id, token('minted-elsewhere'), 1, 'c'), true)
    t.equal(await sessions.end(id, token('b'), 1, 'elsewhere'), true)
    t.strictSame([await sessions.isRevoked('c'), await sessions.isRevoked('elsewhere')], [true, false])
    t.equal(await sessions.end(id, token('elsewhere'), 1, 'nobody knows it'), true)
  })

  t.test('the grace counts from the first use, however often the token comes', async (t) => {
    const { sessions, id } = await withUser(t)
    await sessions.start(id, token('a'), 0)
    await sessions.rotate(id, token('a'), token('b'), grace(0))
    await sessions.rotate(id, token('a'), token('c'), grace(9_000))
    t.equal(await sessions.rotate(id, token('a'), token('d'), grace(12_000)), 'reused')
  })

  t.test('fifty at once with one token are all served', async (t) => {
    const { sessions, id } = await withUser(t)
    await sessions.start(id, token('a'), 0)
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) => sessions.rotate(id, token('a'), token(`b${index}`), grace(5)))
    )
    t.ok(outcomes.every((outcome) => outcome === 'rotated'))
    t.equal(await sessions.rotate(id, token('b49'), token('c'), grace(6)), 'rotated')
  })

  t.test('a token minted elsewhere starts a session when it is used', async (t) => {
    const { sessions, id } = await withUser(t)
    t.equal(await sessions.isRevoked('foreign'), false)
    t.equal(await sessions.rotate(id, token('foreign'), token('b'), grace(0)), 'rotated')
    t.equal(await sessions.rotate(id, token('foreign'), token('c'), grace(20_000)), 'reused')
    t.equal(await sessions.rotate(id, token('b'), token('d'), grace(20_000)), 'ended')
  })

  t.test('ids and times of tokens from elsewhere may be anything', async (t) => {
    const { sessions, id } = await withUser(t)
    const random = Array.from({ length: 9000 }, (_, index) =>
      String.fromCharCode(0x4e00 + ((index * 7919) % 20_000))
    )
    const ids = [
      '',
      '\u0000',
      'a\u0000b',
      '\u0001',
      '\u00010',
      '\ud800x',
      "'; --",
      'x'.repeat(9000),
      random.join('')
    ]
    for (const jti of ids) {
      const name = JSON.stringify(jti).slice(0, 20)
      t.equal(await sessions.isRevoked(jti), false, name)
      t.equal(await sessions.rotate(id, token(jti), token(`${jti} next`), grace(0)), 'rotated', name)
      t.equal(await sessions.isRevoked(jti), true, name)
      t.equal(await sessions.isRevoked(`${jti} next`), false, name)
      t.equal(await sessions.rotate(id, token(jti), token(`${jti} late`), grace(20_000)), 'reused', name)
    }
    for (const [index, expiresAt] of [0.5, 1234.56, 1e15, 2 ** 60, 1e23, 1e300].entries()) {
      t.equal(
        await sessions.rotate(id, token(`u${index}`, expiresAt), token(`n${index}`), grace(0)),
        'rotated'
      )
      t.equal(await sessions.end(id, token(`e${index}`, expiresAt), 5), true)
    }
  })

  t.test('a token names no session of somebody else', async (t) => {
    const { sessions, users, id } = await withUser(t)
    const { id: other } = await users.create(newUser('bob'))
    await sessions.start(id, token('a'), 0)
    t.equal(await sessions.rotate(other, token('a'), token('b'), grace(0)), 'ended')
    t.equal(await sessions.end(other, token('a'), 0), false)
    t.equal(await sessions.isRevoked('a'), false)
    t.equal(await sessions.rotate(id, token('a'), token('b'), grace(0)), 'rotated')
  })

  t.test('an ended session stays ended; a used-up token ends nothing', async (t) => {
    const { sessions, id } = await withUser(t)
    await sessions.start(id, token('a'), 0)
    await sessions.rotate(id, token('a'), token('b'), grace(0))
    t.equal(await sessions.end(id, token('a'), 1), false)
    t.equal(await sessions.end(id, token('b'), 1), true)
    t.equal(await sessions.end(id, token('b'), 2), false)
    t.equal(await sessions.rotate(id, token('b'), token('c'), grace(2)), 'ended')
    t.equal(await sessions.end(id, token('foreign'), 2), true, 'a token minted elsewhere can be ended')
    t.equal(await sessions.isRevoked('foreign'), true)
  })

  t.test('all of a user’s sessions end at once: new password, revoked tokens, deactivation', async (t) => {
    const { sessions, users, id } = await withUser(t)
    const { id: other } = await users.create(newUser('bob'))
    await sessions.start(other, token('other'), 0)
    const endings: [string, () => Promise<unknown>][] = [
      ['password', () => users.setPassword(id, { passwordHash: 'b', at: 1 })],
      ['revoked', () => users.revokeTokens(id, 2)],
      ['inactive', () => users.setActive(id, false, 3)]
    ]
    for (const [name, end] of endings) {
      await sessions.start(id, token(`${name} one`), 0)
      await sessions.start(id, token(`${name} two`), 0)
      await end()
      for (const jti of [`${name} one`, `${name} two`]) {
        t.equal(await sessions.isRevoked(jti), true, jti)
        t.equal(await sessions.rotate(id, token(jti), token(`${jti} next`), grace(4)), 'ended', jti)
      }
    }
    t.equal(await sessions.isRevoked('other'), false, 'others go on')
  })

  t.test('a deleted user’s sessions go with the user', async (t) => {
    const { sessions, users, id } = await withUser(t)
    await sessions.start(id, token('a'), 0)
    await users.delete(id)
    await t.rejects(sessions.rotate(id, token('a'), token('b'), grace(0)), { code: 'user_not_found' })
    await t.rejects(sessions.start(id, token('c'), 0), { code: 'user_not_found' })
  })

  t.test('a session forgets its tokens that have expired, so that it doesn’t grow for years', async (t) => {
    const { sessions, id } = await withUser(t)
    await sessions.start(id, token('a', 1000), 0)
    t.equal(await sessions.rotate(id, token('a', 1000), token('b', 2000), grace(0)), 'rotated')
    t.equal(await sessions.rotate(id, token('b', 2000), token('c', 3000), grace(1000)), 'rotated')
    t.equal(await sessions.isRevoked('a'), true, 'it is refused for as long as it is good')
    t.equal(await sessions.rotate(id, token('c', 3000), token('d', 4000), grace(1500)), 'rotated')
    t.equal(await sessions.isRevoked('a'), false, 'unknown, and expired')
    t.equal(await sessions.isRevoked('b'), true)
    t.equal(await sessions.isRevoked('d'), false)
  })

  t.test('sessions are forgotten once their last token expired, a bounded number at a time', async (t) => {
    const { sessions, id } = await withUser(t)
    await sessions.start(id, token('old', 1000), 0)
    await sessions.start(id, token('older', 500), 0)
    await sessions.start(id, token('prolonged', 1000), 0)
    await sessions.rotate(id, token('prolonged', 1000), token('next', 9000), grace(0))
    t.equal(await sessions.purgeExpired(2000, 1), 1)
    t.equal(await sessions.purgeExpired(2000, 10), 1)
    t.equal(await sessions.purgeExpired(2000, 10), 0)
    t.equal(await sessions.rotate(id, token('next', 9000), token('more', 9000), grace(1)), 'rotated')
  })
}
