import t from 'tap'
import { auditHref, parseRoute, STATUS_HREF, userHref, usersHref } from '../../../pages/admin/app/route.ts'

t.test('what a hash shows', async (t) => {
  const users = { view: 'users', q: '', by: '' }
  for (const [hash, route] of [
    ['', users],
    ['#', users],
    ['#/', users],
    ['#/users', users],
    ['#/users?q=ana%20b&by=email', { view: 'users', q: 'ana b', by: 'email' }],
    ['#/users?by=password', users],
    ['#/users/42', { view: 'user', id: '42' }],
    ['#/users/ana', { view: 'nowhere' }],
    ['#/users/42/sessions', { view: 'nowhere' }],
    ['#/audit', { view: 'audit', user: '' }],
    ['#/audit?user=42', { view: 'audit', user: '42' }],
    ['#/audit/42', { view: 'nowhere' }],
    ['#/status', { view: 'status' }],
    ['#/__proto__', { view: 'nowhere' }]
  ] as const)
    t.strictSame(parseRoute(hash), route, hash)
})

t.test('a link shows what it was made for', async (t) => {
  for (const route of [
    { view: 'users', q: '', by: '' },
    { view: 'users', q: 'a&b=c #?%/', by: 'username' }
  ] as const)
    t.strictSame(parseRoute(usersHref(route)), route)
  t.strictSame(parseRoute(userHref(7)), { view: 'user', id: '7' })
  t.strictSame(parseRoute(auditHref(7)), { view: 'audit', user: '7' })
  t.strictSame(parseRoute(STATUS_HREF), { view: 'status' })
  t.equal(usersHref(), '#/users')
})
