import t from 'tap'
import { type Blocked, findExchange } from '../../../src/django/import-exchanges.ts'
import type { UserId } from '../../../src/users/user.ts'

const user = (id: number, username: string, ...by: number[]): Blocked => ({
  id: id as UserId,
  names: { username },
  taken: by.map((holder) => ({ field: 'username', by: holder as UserId }))
})

t.test('names are exchanged only where each of them is given up and nobody else’s wish', async (t) => {
  const cases: [string, Blocked[], number[]][] = [
    ['two', [user(1, 'b', 2), user(2, 'a', 1)], [1, 2]],
    ['three', [user(1, 'b', 2), user(2, 'c', 3), user(3, 'a', 1)], [1, 2, 3]],
    ['one whose name is free meanwhile', [user(1, 'b')], [1]],
    ['for somebody who is not among them', [user(1, 'b', 2), user(2, 'c', 9)], []],
    ['two for one', [user(1, 'b', 2), user(2, 'a', 1), user(3, 'B', 2)], [1, 2]],
    [
      'one gives up the other name alone',
      [
        user(1, 'b', 2),
        { id: 2 as UserId, names: { email: 'a' }, taken: [{ field: 'email', by: 1 as UserId }] }
      ],
      []
    ]
  ]
  for (const [what, waiting, ids] of cases) t.strictSame([...findExchange(waiting).keys()], ids, what)
})
