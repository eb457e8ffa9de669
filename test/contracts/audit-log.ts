import type { Test } from 'tap'
import type { Act, AuditLog } from '../../src/admin/audit-log.ts'
import type { User, UserId } from '../../src/users/user.ts'
import type { UserStore } from '../../src/users/user-store.ts'
import { newUser } from './user-store.ts'

interface Opened {
  users: UserStore
  audit: AuditLog
}

const person = ({ id, username }: User) => ({ id, username })

/** What every `AuditLog` promises. `open` answers empty stores, closed when the test ends. */
export function auditLogContract(t: Test, open: (t: Test) => Promise<Opened>): void {
  const withUsers = async (t: Test) => {
    const { users, audit } = await open(t)
    const root = await users.create(newUser('root'))
    const ada = await users.create(newUser('ada'))
    const bob = await users.create(newUser('bob'))
    const act = (target: User, rest: Partial<Act> = {}): Act => ({
      at: 5,
      actor: person(root),
      target: person(target),
      action: 'update',
      address: '192.0.2.1',
      changes: null,
      ...rest
    })
    return { users, audit, root, ada, bob, act }
  }

  t.test('an act is written down before it is done, and what came of it after', async (t) => {
    const { audit, ada, root, act } = await withUsers(t)
    t.strictSame(await audit.list({ limit: 10 }), [])
    const begun = act(ada, { changes: { first_name: ['', 'Ada'] } })
    const id = await audit.begin(begun)
    t.strictSame(await audit.list({ limit: 10 }), [{ ...begun, id, outcome: 'begun' }])
    t.strictSame(begun.actor, { id: root.id, username: 'root' })
    await audit.finish(id, 'done', { first_name: ['Eda', 'Ada'], extra: [null, { a: [1] }] })
    t.strictSame(await audit.list({ limit: 10 }), [
      { ...begun, id, outcome: 'done', changes: { first_name: ['Eda', 'Ada'], extra: [null, { a: [1] }] } }
    ])
    const refused = await audit.begin(act(ada, { action: 'delete' }))
    await audit.finish(refused, 'refused', null)
    t.match(await audit.list({ limit: 1 }), [{ id: refused, outcome: 'refused', changes: null }])
  })

  t.test('acts are listed newest first, page by page, of everybody and of one user', async (t) => {
    const { audit, ada, bob, act } = await withUsers(t)
    const ids: number[] = []
    for (let index = 0; index < 7; index++)
      ids.push(await audit.begin(act(index % 2 === 0 ? ada : bob, { at: index })))
    t.strictSame(
      ids,
      [...ids].sort((one, other) => one - other)
    )
    const listed = async (query: { target?: UserId; before?: number; limit: number }) =>
      (await audit.list(query)).map(({ id }) => ids.indexOf(id))
    t.strictSame(await listed({ limit: 3 }), [6, 5, 4])
    t.strictSame(await listed({ before: ids[4] ?? 0, limit: 3 }), [3, 2, 1])
    t.strictSame(await listed({ before: ids[1] ?? 0, limit: 3 }), [0])
    t.strictSame(await listed({ before: ids[0] ?? 0, limit: 3 }), [])
    t.strictSame(await listed({ target: ada.id, limit: 3 }), [6, 4, 2])
    t.strictSame(await listed({ target: ada.id, before: ids[2] ?? 0, limit: 3 }), [0])
    t.strictSame(await listed({ target: bob.id, limit: 10 }), [5, 3, 1])
    t.strictSame(await listed({ target: (bob.id + 1) as UserId, limit: 10 }), [])
  })

  t.test('of who was deleted the acts stay, and what they changed goes', async (t) => {
    const { users, audit, ada, bob, act } = await withUsers(t)
    const changes = { email: ['a@example.com', 'b@example.com'] } as const
    const done = await audit.begin(act(ada, { changes }))
    await audit.finish(done, 'done', changes)
    const begun = await audit.begin(act(ada, { changes }))
    const late = await audit.begin(act(ada))
    const others = await audit.begin(act(bob, { changes }))
    await users.delete(ada.id)
    await audit.forgetChanges(ada.id)
    await audit.finish(late, 'done', changes)
    t.match(await audit.list({ limit: 10 }), [
      { id: others, changes },
      { id: late, outcome: 'done', changes: null, target: { username: 'ada' } },
      { id: begun, outcome: 'begun', changes: null },
      { id: done, outcome: 'done', changes: null }
    ])
  })

  t.test('a deletion takes the values along by itself, and nobody else’s', async (t) => {
    const { users, audit, ada, bob, act } = await withUsers(t)
    const changes = { email: ['a@example.com', 'b@example.com'] } as const
    await audit.begin(act(ada, { changes }))
    await audit.finish(await audit.begin(act(ada, { changes })), 'done', changes)
    await audit.finish(await audit.begin(act(bob, { changes })), 'done', changes)
    t.ok(await users.delete(ada.id))
    const left = await audit.list({ limit: 10 })
    t.strictSame(
      left.map((one) => one.changes),
      [changes, null, null]
    )
    t.equal(await users.delete(ada.id), undefined)
  })

  t.test('of an act upon who was deleted right before no values are written down', async (t) => {
    const { users, audit, ada, act } = await withUsers(t)
    await users.delete(ada.id)
    await audit.begin(act(ada, { changes: { email: ['a@example.com', 'b@example.com'] } }))
    t.match(await audit.list({ limit: 1 }), [
      { outcome: 'begun', changes: null, target: { username: 'ada' } }
    ])
  })

  t.test('acts of who was deleted stay too', async (t) => {
    const { users, audit, root, ada, act } = await withUsers(t)
    await audit.begin(act(ada))
    await users.delete(root.id)
    await audit.forgetChanges(root.id)
    t.match(await audit.list({ limit: 10 }), [{ actor: { id: root.id, username: 'root' } }])
  })

  t.test('texts come back as they went in, long values by their beginning', async (t) => {
    const { audit, ada, act } = await withUsers(t)
    const odd = '\u0000\u0001\u00010 \u2028"\\🦊é'
    const id = await audit.begin(act(ada, { address: odd, target: { id: ada.id, username: odd } }))
    await audit.finish(id, 'done', {
      [odd]: [odd, 1],
      long: ['x'.repeat(1000), 'y'.repeat(1001)],
      cut: [`${'z'.repeat(999)}🦊`, null],
      host: [true, { list: 'w'.repeat(2000) }]
    })
    const [found] = await audit.list({ limit: 1 })
    t.match(found, { address: odd, target: { username: odd } })
    t.strictSame(found?.changes, {
      [odd]: [odd, 1],
      long: ['x'.repeat(1000), `${'y'.repeat(1000)}…`],
      cut: [`${'z'.repeat(999)}…`, null],
      host: [true, `{"list":"${'w'.repeat(991)}…`]
    })
  })
}
