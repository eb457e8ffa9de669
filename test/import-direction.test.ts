import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'

const root = new URL('..', import.meta.url)
const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome')

/** Where, under the project's lint rules, which import would stand; and whether it may. */
const imports: [path: string, imported: string, allowed: boolean][] = [
  ['src/users/1.ts', 'fastify', false],
  ['src/users/2.ts', '@fastify/jwt', false],
  ['src/users/3.ts', 'drizzle-orm', false],
  ['src/users/4.ts', 'better-sqlite3', false],
  ['src/users/5.ts', '../stores/sqlite/schema.ts', false],
  ['src/users/6.ts', '../config.ts', false],
  ['src/tokens/7.ts', '../../plugins/auth.ts', false],
  ['src/avatars/8.ts', '../../routes/sign-in.ts', false],
  ['src/stores/sqlite/9.ts', 'fastify', false],
  ['src/stores/disk/10.ts', '../../../plugins/media.ts', false],
  ['routes/11.ts', 'drizzle-orm/sqlite-core', false],
  ['routes/12.ts', '../src/stores/sqlite/open-sqlite.ts', false],
  ['routes/13.ts', '../plugins/auth.ts', false],
  ['plugins/14.ts', '../routes/sign-in.ts', false],
  ['plugins/15.ts', 'better-sqlite3', false],
  ['src/app.ts', 'fastify', true],
  ['src/server.ts', '../plugins/user-profile.ts', true],
  ['plugins/user-profile.ts', '../routes/sign-in.ts', true],
  ['plugins/16.ts', '../src/stores/sqlite/open-sqlite.ts', true],
  ['src/stores/sqlite/17.ts', 'drizzle-orm/sqlite-core', true],
  ['routes/18.ts', '../src/users/accounts.ts', true],
  ['src/users/19.ts', '../avatars/avatars.ts', true]
]

t.test('imports go one way: route → schema → service → port ← adapter', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'import-direction-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const { vcs, $schema, ...rules } = JSON.parse(readFileSync(new URL('biome.json', root), 'utf8'))
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(rules))
  for (const [path, imported] of imports) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), `import * as other from '${imported}'\n\nexport { other }\n`)
  }
  const { stdout } = spawnSync(
    process.execPath,
    [biome, 'lint', '--only=style/noRestrictedImports', '--reporter=github', '--max-diagnostics=none', '.'],
    { cwd: folder, encoding: 'utf8' }
  )
  const reported = [...stdout.matchAll(/noRestrictedImports,file=([^,]+),/g)].map(([, path = '']) => path)
  for (const [path, imported, allowed] of imports)
    t.equal(!reported.some((one) => one.endsWith(`/${path}`)), allowed, `${path} imports ${imported}`)
})
