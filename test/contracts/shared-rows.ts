import type { Test } from 'tap'
import type { Act } from '../../src/admin/audit-log.ts'
import type { MediaKey } from '../../src/avatars/media-store.ts'
import type { RowStores } from '../../src/open-stores.ts'
import { IdentityTakenError, type UserChanges } from '../../src/users/user-store.ts'
import { userVersion } from '../../src/users/user-version.ts'
import { newUser } from './user-store.ts'

const HOUR = 3_600_000
const token = (jti: string, expiresAt = HOUR) => ({ jti, expiresAt })
const times = (count: number) => Array.from({ length: count }, (_, index) => index)

/** What holds where several processes write to one database. `open` answers stores of two that do. */
export function sharedRowsContract(t: Test, open: (t: Test) => Promise<[RowStores, RowStores]>): void {
  /** A user, and for each number the one or the other of the stores. */
  const withUser = async (t: Test) => {
    const both = await open(t)
    const { id } = await both[0].users.create(newUser('ada'))
    const at = (index: number) => both[index % 2 === 0 ? 0 : 1]
    return { both, id, at }
  }

  t.test('what one wrote the other reads at once', async (t) => {
    const { both, id } = await withUser(t)
    const [one, other] = both
    t.match(await other.users.findById(id), { firstName: '' })
    await one.users.update(id, { firstName: 'Ada' })
    t.match(await other.users.findById(id), { firstName: 'Ada' })
    await other.users.setActive(id, false, 5)
    t.match(await one.users.findById(id), { isActive: false, tokenEpoch: 5 })
    await other.users.setStaff(id, true)
    t.match(await one.users.findById(id), { isStaff: true })
    await one.users.delete(id)
    t.equal(await other.users.findById(id), undefined)
  })

  t.test('a turn is taken by one of all, and again when its time is over', async (t) => {
    const { at } = await withUser(t)
    const takes = (count: number, task: string, everyMs: number) =>
      Promise.all(times(count).map((index) => at(index).users.takeTurn?.(task, everyMs)))
    const first = await takes(10, 'sweep', HOUR)
    // Where each process does all by itself, there are no turns.
    if (first[0] === undefined) return void t.ok(first.every((taken) => taken === undefined))
    t.equal(first.filter((taken) => taken).length, 1)
    t.strictSame(await takes(2, 'sweep', HOUR), [false, false])
    t.strictSame((await takes(2, 'another', HOUR)).filter((taken) => taken).length, 1)
    t.strictSame(await takes(1, 'sweep', 0), [true], 'no time at all has passed')
  })

  t.test('of one name that both give, exactly one user gets it', async (t) => {
    const { at } = await withUser(t)
    const outcomes = await Promise.allSettled(
      times(20).map((index) => at(index).users.create(newUser('prize', { email: `${index}@example.com` })))
    )
    t.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') {
        t.type(outcome.reason, IdentityTakenError)
        t.strictSame(outcome.reason.fields, ['username'])
      }
    t.equal((await at(0).users.list(undefined, 100)).length, 2)
  })

  t.test('two that swap their names at once never share one', async (t) => {
    const { both, id } = await withUser(t)
    const [one, other] = both
    const bob = await other.users.create(newUser('bob'))
    const outcomes = await Promise.allSettled([
      one.users.update(id, { username: 'bob' }),
      other.users.update(bob.id, { username: 'ada' })
    ])
    t.strictSame(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected']
    )
    t.match(await one.users.list(undefined, 10), [{ username: 'ada' }, { username: 'bob' }])
  })

  t.test('of concurrent avatars each is replaced exactly once', async (t) => {
    const { id, at } = await withUser(t)
    const results = await Promise.all(
      times(20).map((index) => at(index).users.update(id, { avatar: `${index}.jpg` as MediaKey }))
    )
    const replaced = results.flatMap((result) => result?.before.avatar ?? [])
    const last = (await at(0).users.findById(id))?.avatar
    t.equal(new Set(replaced).size, 19)
    t.notOk(replaced.some((previous) => previous === last))
  })

  t.test('of two updates that are meant for the same state exactly one is written', async (t) => {
    const { id, at } = await withUser(t)
    const seen = await at(0).users.findById(id)
    let version = seen ? userVersion(seen) : ''
    const wins = [0, 0]
    for (const round of times(300)) {
      const changesOf = (index: number): UserChanges =>
        [
          { firstName: `${round} ${index}` },
          { avatar: `${round}-${index}.jpg` as MediaKey },
          { extra: { round, index } },
          { username: `ada${round}x${index}` }
        ][round % 4] ?? {}
      const outcomes = await Promise.all(
        [0, 1].map((index) => at(index + round).users.updateIf(id, [version], changesOf(index)))
      )
      const winner = outcomes.findIndex((outcome) => outcome !== 'changed')
      const written = outcomes[winner]
      if (outcomes[1 - winner] !== 'changed' || !written || written === 'changed')
        return void t.fail(`round ${round}: ${JSON.stringify(outcomes)}`)
      wins[winner] = (wins[winner] ?? 0) + 1
      const kept = await at(winner).users.findById(id)
      t.strictSame(kept, written.user)
      t.equal(userVersion(written.before), version)
      version = userVersion(written.user)
    }
    t.comment(`won by the one ${wins[0]} times, by the other ${wins[1]}`)
  })

  t.test('an update that is meant for a state loses to whatever else changes it', async (t) => {
    const { id, at } = await withUser(t)
    for (const round of times(100)) {
      const seen = await at(1).users.findById(id)
      const version = seen ? userVersion(seen) : ''
      const [outcome] = await Promise.all([
        at(0).users.updateIf(id, [version], { firstName: `${round}` }),
        at(1).users.update(id, { lastName: `${round}` }),
        at(0).users.update(id, { numberPhone: `${round}` })
      ])
      const kept = await at(1).users.findById(id)
      t.match(kept, { lastName: `${round}`, numberPhone: `${round}` })
      // Where it came first, the others came on top of it.
      t.equal(kept?.firstName === `${round}`, outcome !== 'changed', `round ${round}`)
    }
  })

  t.test('fields that both write at once are all kept', async (t) => {
    const { id, at } = await withUser(t)
    await Promise.all([
      ...times(10).map((index) => at(index).users.update(id, { extra: { [`field${index}`]: index } })),
      at(0).users.update(id, { firstName: 'Ada' }),
      at(1).users.update(id, { lastName: 'King' })
    ])
    const expected = Object.fromEntries(times(10).map((index) => [`field${index}`, index]))
    t.match(await at(1).users.findById(id), { extra: expected, firstName: 'Ada', lastName: 'King' })
  })

  t.test('fifty at once with one token are all served, and its reuse ends what they got', async (t) => {
    const { id, at } = await withUser(t)
    await at(0).sessions.start(id, token('a'), 0)
    const rotate = (used: string, next: string, time: number, index = 0) =>
      at(index).sessions.rotate(id, token(used), token(next), { at: time, graceMs: 10_000 })
    const outcomes = await Promise.all(times(50).map((index) => rotate('a', `b${index}`, 5, index)))
    t.ok(outcomes.every((outcome) => outcome === 'rotated'))
    t.equal(await rotate('b49', 'c', 6, 1), 'rotated')
    const late = await Promise.all(times(10).map((index) => rotate('a', `x${index}`, 20_000, index)))
    t.strictSame([...late].sort(), [...times(9).map(() => 'ended'), 'reused'])
    t.equal(await rotate('c', 'd', 20_001, 1), 'ended')
    t.equal(await at(1).sessions.isRevoked('b7'), true)
  })

  t.test('a token from elsewhere that comes to both at once starts one session', async (t) => {
    const { id, at } = await withUser(t)
    const outcomes = await Promise.all(
      times(10).map((index) =>
        at(index).sessions.rotate(id, token('foreign'), token(`n${index}`), { at: 5, graceMs: 10_000 })
      )
    )
    t.ok(outcomes.every((outcome) => outcome === 'rotated'))
    t.equal(await at(0).sessions.end(id, token('n3'), 6), true)
    for (const index of times(10)) t.equal(await at(1).sessions.isRevoked(`n${index}`), true)
  })

  t.test('after tokens were revoked nothing lives that grew from those before', async (t) => {
    const { id, at } = await withUser(t)
    for (const round of times(10)) {
      await at(0).sessions.start(id, token(`${round}`), 0)
      const [outcome, revoked] = await Promise.all([
        at(0).sessions.rotate(id, token(`${round}`), token(`${round} next`), { at: round, graceMs: 0 }),
        at(1).users.revokeTokens(id, round)
      ])
      t.ok(revoked)
      t.ok(outcome === 'rotated' || outcome === 'ended', outcome)
      const next = { at: round, graceMs: 0 }
      if (outcome === 'rotated')
        t.equal(await at(0).sessions.rotate(id, token(`${round} next`), token(`${round} x`), next), 'ended')
      t.equal(await at(0).sessions.isRevoked(`${round}`), true)
    }
  })

  t.test('of two new passwords that replace the same one, one wins', async (t) => {
    const { id, at } = await withUser(t)
    const change = (index: number) =>
      at(index).users.setPassword(id, { passwordHash: `hash ${index}`, at: 5, verified: 'a hash' })
    const changed = await Promise.all(times(10).map(change))
    const winner = changed.findIndex((user) => user !== undefined)
    t.equal(changed.filter((user) => user !== undefined).length, 1)
    t.match(await at(0).users.findWithPassword(id), {
      passwordHash: `hash ${winner}`,
      user: { tokenEpoch: 5 }
    })
  })

  t.test('epochs that both move on are all different', async (t) => {
    const { id, at } = await withUser(t)
    const users = await Promise.all(times(10).map((index) => at(index).users.revokeTokens(id, 5)))
    t.strictSame(
      users.map((user) => user?.tokenEpoch ?? 0).sort((one, other) => one - other),
      times(10).map((index) => 5 + index)
    )
  })

  t.test('acts that both write down are all kept, in one order', async (t) => {
    const { id, at, both } = await withUser(t)
    const ada = { id, username: 'ada' }
    const act = (time: number): Act => ({
      at: time,
      actor: ada,
      target: ada,
      action: 'update',
      address: '',
      changes: { time: [null, time] }
    })
    const ids = await Promise.all(times(20).map((index) => at(index).audit.begin(act(index))))
    t.equal(new Set(ids).size, 20)
    await Promise.all(ids.map((id, index) => at(index + 1).audit.finish(id, 'done', { time: [null, index] })))
    const listed = await both[1].audit.list({ limit: 100 })
    t.strictSame(
      listed.map(({ id }) => id),
      [...ids].sort((one, other) => other - one)
    )
    for (const { id, at: time, outcome, changes } of listed) {
      t.equal(id, ids[time])
      t.equal(outcome, 'done')
      t.strictSame(changes, { time: [null, time] })
    }
  })

  t.test('what one keeps of a user whom the other deletes goes, whoever is first', async (t) => {
    const { at } = await withUser(t)
    for (const round of times(10)) {
      const user = await at(0).users.create(newUser(`user ${round}`))
      const changes = { email: ['secret', 'other'] } as const
      const common = { at: 1, actor: user, target: user, address: '', changes: null } as const
      const id = await at(0).audit.begin({ ...common, action: 'update' })
      await Promise.all([
        at(0).audit.finish(id, 'done', changes),
        at(1)
          .users.delete(user.id)
          .then(() => at(1).audit.forgetChanges(user.id))
      ])
      t.match(await at(0).audit.list({ target: user.id, limit: 10 }), [{ outcome: 'done', changes: null }])
    }
  })

  t.test('one identity that both provision becomes one user', async (t) => {
    const { at } = await withUser(t)
    const identity = { issuer: 'https://id.example.com', subject: 'bob' }
    const answers = await Promise.all(
      times(20).map((index) => at(index).identities.provision(identity, newUser(`bob${index}`)))
    )
    t.equal(answers.filter(({ isNew }) => isNew).length, 1)
    t.equal(new Set(answers.map(({ user }) => user.id)).size, 1)
    t.equal((await at(0).users.list(undefined, 100)).length, 2)
  })

  t.test('a user who is deleted while the other starts sessions leaves none', async (t) => {
    const { id, at } = await withUser(t)
    const outcomes = await Promise.allSettled([
      ...times(6).map((index) => at(0).sessions.start(id, token(`${index}`), 0)),
      at(1).users.delete(id),
      ...times(6).map((index) =>
        at(0).sessions.rotate(id, token(`foreign ${index}`), token(`n${index}`), { at: 1, graceMs: 0 })
      )
    ])
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') t.match(outcome.reason, { code: 'user_not_found' })
    for (const jti of times(6)) t.equal(await at(0).sessions.isRevoked(`${jti}`), false, 'forgotten')
    await t.rejects(at(0).sessions.start(id, token('late'), 0), { code: 'user_not_found' })
  })

  t.test('sessions that both forget at once are each counted once', async (t) => {
    const { id, at } = await withUser(t)
    for (const index of times(20)) await at(0).sessions.start(id, token(`old ${index}`, 1000), 0)
    const purged = await Promise.all(times(4).map((index) => at(index).sessions.purgeExpired(2000, 20)))
    const rest = await at(0).sessions.purgeExpired(2000, 20)
    t.equal(
      purged.reduce((sum, count) => sum + count, rest),
      20
    )
  })
}
