import { existsSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { command, makeUser, rowsOf, sql, userRows } from '../../../commands.ts'
import { SECRET } from '../../../helper.ts'
import { startService } from '../../../service.ts'

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(String(token.split('.')[1]), 'base64url').toString())

const sessionCount = (folder: string) => rowsOf(folder, 'select id from sessions').length

t.test('tokens that are issued beside the running service work as those of a sign-in', async (t) => {
  const folder = t.testdir({})
  await makeUser(t, folder, 'ada', '--no-password')
  const { origin } = await startService(t, folder, { ACCESS_TOKEN_LIFETIME: '600' })
  const { code, stdout, stderr } = await command(t, folder, ['issue-token', 'ada'], {
    env: { ACCESS_TOKEN_LIFETIME: '600' }
  })
  t.match({ code, stderr }, { code: 0, stderr: '' })
  const pair = JSON.parse(stdout)
  t.strictSame(Object.keys(pair), ['refresh', 'access'])
  t.equal(sessionCount(folder), 1)
  const claims = claimsOf(pair.access)
  t.match(claims, { token_type: 'access', user_id: 1, jti: /^[0-9a-f]{32}$/ })
  t.equal(claims.exp - claims.iat, 600)
  const read = (token: string) =>
    fetch(`${origin}/api/profile/`, { headers: { authorization: `Bearer ${token}` } })
  t.equal((await read(pair.access)).status, 200)
  const refreshed = await fetch(`${origin}/api/token/refresh/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refresh: pair.refresh })
  })
  t.equal(refreshed.status, 200)
  t.match(userRows(folder), [{ last_login: null }])

  const alone = await command(t, folder, ['issue-token', '--access-only', '1'])
  t.match(alone, { code: 0, stderr: '', stdout: /^[\w-]+\.[\w-]+\.[\w-]+\n$/ })
  t.equal((await read(alone.stdout.trim())).status, 200)
  t.equal(sessionCount(folder), 1, 'it has no session')
})

t.test('who is inactive gets none', async (t) => {
  const folder = t.testdir({})
  await makeUser(t, folder, 'ada', '--no-password')
  sql(folder, 'update users set is_active = 0')
  for (const more of [[], ['--access-only']])
    t.match(await command(t, folder, ['issue-token', 'ada', ...more], { env: { JWT_SECRET: SECRET } }), {
      code: 1,
      stdout: '',
      stderr: 'There are no tokens for user 1 (ada): the account is inactive.\n'
    })
  t.equal(sessionCount(folder), 0)
})

t.test('a secret that is not there yet is not made', async (t) => {
  const folder = t.testdir({})
  await makeUser(t, folder, 'ada', '--no-password')
  const path = `${folder}/data/jwt-secret`
  t.match(await command(t, folder, ['issue-token', 'ada']), {
    code: 2,
    stdout: '',
    stderr: `fastify-user-profile could not run issue-token: JWT_SECRET: is unset, and there is no ${path} yet, which the service makes at its first start\n`
  })
  t.notOk(existsSync(path))
  writeFileSync(path, 'short')
  t.match(await command(t, folder, ['issue-token', 'ada']), {
    code: 2,
    stderr: /JWT_SECRET: expected at least 32/
  })
  t.match(await command(t, folder, ['issue-token', 'ada'], { env: { JWT_SECRET: SECRET } }), { code: 0 })
})
