import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { createDjangoDatabase } from '../../bench/harness/django-database.ts'
import { djangoUser, insertRow } from '../django-database.ts'
import { PASSWORD } from '../helper.ts'
import { startService } from '../service.ts'
import { type InstalledPackage, ROOT, runPlain } from './install.ts'

export function testProgram(t: Test, { host, folder, files, manifest }: InstalledPackage): void {
  const program = join(host, 'node_modules/.bin/fastify-user-profile')

  t.test('the installed program serves accounts and pictures, and its commands find them', async (t) => {
    const place = t.testdir({})
    const service = await startService(t, place, {}, program)
    const { id, access } = await signUp(service.origin)
    const form = new FormData()
    form.set('avatar', new Blob([readFileSync(join(ROOT, 'test/portrait.jpg'))]), 'portrait.jpg')
    const update = await fetch(`${service.origin}/api/profile/${id}/update/`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${access}` },
      body: form
    })
    t.equal(update.status, 200)
    const { avatar } = (await update.json()) as { avatar: string }
    for (const [path, type] of [
      [avatar, 'image/jpeg'],
      [avatar.replace('.jpg', '@64.webp'), 'image/webp']
    ] as const) {
      const picture = await fetch(service.origin + path)
      t.match([picture.status, picture.headers.get('content-type')], [200, type], path)
    }
    const described = (await (await fetch(`${service.origin}/openapi.json`)).json()) as {
      info: object
      paths: object
    }
    t.match(described.info, { version: manifest.version })
    for (const path of ['', 'swagger-ui-bundle.js', 'page.js'])
      t.equal((await fetch(`${service.origin}/docs/${path}`)).status, 200, path)
    for (const path of ['account', 'admin']) {
      const page = await (await fetch(`${service.origin}/${path}/`)).text()
      const [, script = ''] = /src="\.\.(\/account\/assets\/[^"]+\.js)"/.exec(page) ?? []
      t.equal((await fetch(service.origin + script)).status, 200, path)
    }
    const printed = await runPlain(place, program, 'openapi')
    t.strictSame(Object.keys(JSON.parse(printed.stdout).paths), Object.keys(described.paths))
    t.match(await runPlain(place, program, 'list-users'), {
      status: 0,
      stdout: /^1 +alice +alice@example\.com /m
    })
    t.match(await runPlain(place, program, 'doctor'), { status: 0, stderr: '' })
    t.strictSame(await service.stop(), { code: 0, signal: null })
  })

  t.test('it takes over users of Django’s, and says what PostgreSQL needs', async (t) => {
    const place = t.testdir({})
    const django = createDjangoDatabase(join(place, 'db.sqlite3'))
    insertRow(django, 'users_users', djangoUser(7, 'alice'))
    django.close()
    const dryRun = await runPlain(place, program, 'import-django', '--database', 'db.sqlite3', '--dry-run')
    t.match(dryRun, { status: 0, stdout: '1 read from users_users, 1 created' })
    t.notOk(existsSync(join(place, 'data')))
    const fromPostgres = () =>
      runPlain(place, program, 'import-django', '--database', 'postgres://127.0.0.1:1/site')
    t.match(await fromPostgres(), { status: 2, stderr: 'ECONNREFUSED' })
    // Installed with --omit=optional.
    const driver = join(host, 'node_modules/pg')
    renameSync(driver, `${driver}-away`)
    t.teardown(() => renameSync(`${driver}-away`, driver))
    t.match(await fromPostgres(), { status: 2, stderr: 'npm install pg' })
  })

  t.test(
    'what Node makes of it is kept beside the packages, and the package is left as it was',
    async (t) => {
      t.ok(readdirSync(join(host, 'node_modules/.cache/fastify-user-profile')).length > 0)
      const there = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      t.strictSame(there.sort(), [...files].sort())
      t.end()
    }
  )
}

async function signUp(origin: string): Promise<{ id: number; access: string }> {
  const answer = await fetch(`${origin}/api/sign-up/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'alice', email: 'alice@example.com', password: PASSWORD })
  })
  const { user, access } = (await answer.json()) as { user: { id: number }; access: string }
  return { id: user.id, access }
}
