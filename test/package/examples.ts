import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { readExamples } from '../examples.ts'
import { eventually, PASSWORD, SECRET } from '../helper.ts'
import { run } from '../service.ts'
import type { InstalledPackage } from './install.ts'

export function testExamples(t: Test, { host }: InstalledPackage): void {
  for (const [name, source] of Object.entries(readExamples())) writeFileSync(join(host, name), source)

  /** Starts an example in a folder of its own, and answers what asks it. */
  async function start(t: Test, name: string) {
    const env = { PORT: '0', JWT_SECRET: SECRET, HOST_SECRET: SECRET }
    const { child, written, ended } = run(t.testdir({}), { env, main: join(host, name) })
    t.teardown(async () => {
      child.kill('SIGKILL')
      await ended
    })
    const listening = new Promise<string>((resolve) => {
      child.stdout.on('data', () => {
        const origin = /listening at (http:\/\/127\.0\.0\.1:\d+)/.exec(written.stdout)?.[1]
        if (origin) resolve(origin)
      })
    })
    const origin = await Promise.race([listening, ended.then(() => undefined)])
    if (!origin) throw new Error(`${name} did not start: ${written.stderr}`)
    return {
      written,
      async ask(method: string, path: string, { token = '', json }: { token?: string; json?: object } = {}) {
        const headers = {
          ...(token !== '' && { authorization: `Bearer ${token}` }),
          ...(json && { 'content-type': 'application/json' })
        }
        const body = json ? JSON.stringify(json) : null
        const answer = await fetch(origin + path, { method, headers, body })
        return { status: answer.status, body: JSON.parse((await answer.text()) || 'null') }
      }
    }
  }

  const alice = { username: 'alice', email: 'alice@example.com' }

  t.test('the minimal example greets whoever is signed in', async (t) => {
    const { ask } = await start(t, 'minimal.ts')
    const { status, body } = await ask('POST', '/accounts/sign-up/', {
      json: { ...alice, password: PASSWORD }
    })
    t.equal(status, 201)
    t.strictSame(await ask('GET', '/hello', { token: body.access }), {
      status: 200,
      body: { hello: 'alice' }
    })
    t.match(await ask('GET', '/hello'), { status: 401 })
  })

  t.test('an app with tokens of its own says whose profile it is', async (t) => {
    const { ask } = await start(t, 'own-jwt.ts')
    const { body } = await ask('POST', '/join', { json: alice })
    const { token } = body
    t.match(await ask('GET', '/accounts/profile/', { token }), { status: 200, body: alice })
    const update = `/accounts/profile/${body.id}/update/`
    const named = await ask('PUT', update, { token, json: { first_name: 'Alice' } })
    t.match(named, { status: 200, body: { first_name: 'Alice' } })
    t.match(await ask('GET', '/accounts/profile/'), { status: 401 })
    t.match(await ask('POST', '/accounts/sign-up/', { json: { ...alice, password: PASSWORD } }), {
      status: 404
    })
  })
  t.test('an app adds a field to profiles, and is told of its changes', async (t) => {
    const { ask, written } = await start(t, 'extra-fields.ts')
    const signUp = await ask('POST', '/accounts/sign-up/', { json: { ...alice, password: PASSWORD } })
    const { access: token, user } = signUp.body
    t.equal(user.bio, null)
    const update = `/accounts/profile/${user.id}/update/`
    const changed = await ask('PATCH', update, { token, json: { bio: 'Down the hole.' } })
    t.match(changed, { status: 200, body: { bio: 'Down the hole.' } })
    const refused = await ask('PATCH', update, { token, json: { bio: 'x'.repeat(501) } })
    t.match(refused, { status: 400, body: { bio: [/500/] } })
    await eventually('it is told', () => written.stdout.includes('a new bio'))
    const told = written.stdout.split('\n').filter((line) => line.includes('a new bio'))
    t.match(
      told.map((line) => JSON.parse(line)),
      [{ userId: user.id, length: 14 }]
    )
    t.equal(told.length, 1)
  })
}
