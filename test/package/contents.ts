import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { importedPackages } from './imports.ts'
import { type InstalledPackage, ROOT, runPlain, subpathsOf } from './install.ts'

const AROUND = [
  ...['CHANGELOG.md', 'LICENSE', 'README.md', 'bin/fastify-user-profile.js'],
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name !== 'screenshots')
    .map((name) => `docs/${name}`),
  'package.json'
]

const COMPILED = /^dist\/(?:client|entries|plugins|routes|src)\/.+\.(?:d\.ts|js)$/

const ASSETS = [
  ...['sqlite', 'postgres'].flatMap((database) => [
    new RegExp(`^dist/drizzle/${database}/\\d{4}_\\w+\\.sql$`),
    new RegExp(`^dist/drizzle/${database}/meta/_journal\\.json$`)
  ]),
  /^dist\/src\/passwords\/common-passwords\.txt\.gz$/,
  /^dist\/pages\/built\/(?:account|admin)\/index\.html$/,
  /^dist\/pages\/built\/account\/assets\/[\w-]+\.js$/,
  /^dist\/pages\/built\/account\/assets\/[\w-]+\.css$/,
  /^dist\/pages\/built\/account\/assets\/[\w-]+\.(?:js|css)\.(?:br|gz)$/,
  /^dist\/pages\/built\/account\/assets\/icon-[\w-]+\.svg$/,
  // Of what is in them.
  /^dist\/pages\/built\/licences\.md$/
]

const MAX_BYTES = 850_000

/** `dist/src/errors.d.ts` → `src/errors.ts` */
function hasSource(path: string): boolean {
  const stem = path.replace(/^dist\//, '').replace(/(?:\.d\.ts|\.js)$/, '')
  return ['ts', 'js'].some((extension) => existsSync(join(ROOT, `${stem}.${extension}`)))
}

export function testContents(t: Test, { folder, files, manifest, tarballBytes }: InstalledPackage): void {
  const inDist = files.filter((path) => path.startsWith('dist/'))

  t.test('the tarball holds what was compiled, and nothing of sources, tests and tools', (t) => {
    t.strictSame(files.filter((path) => !inDist.includes(path)).sort(), AROUND)
    const others = inDist.filter((path) => !COMPILED.test(path))
    t.strictSame(
      others.filter((path) => !ASSETS.some((asset) => asset.test(path))),
      []
    )
    for (const asset of ASSETS)
      t.ok(
        others.some((path) => asset.test(path)),
        String(asset)
      )
    for (const path of subpathsOf(manifest).flatMap((subpath) =>
      Object.values(manifest.exports[subpath] ?? {})
    ))
      t.ok(files.includes(path.replace('./', '')), path)
    t.strictSame(
      inDist.filter((path) => COMPILED.test(path) && !hasSource(path)),
      [],
      'nothing is left of another build'
    )
    t.comment(`${files.length} files, ${tarballBytes} bytes`)
    t.ok(tarballBytes < MAX_BYTES)
    t.end()
  })

  t.test('publint and attw have nothing to say', async (t) => {
    const { status, stdout, stderr } = await runPlain(ROOT, 'npm', 'run', 'package:check')
    if (status !== 0) t.comment(stdout + stderr)
    t.equal(status, 0)
  })

  t.test('every migration of the journal is there', (t) => {
    const migrations = join(folder, 'dist/drizzle/sqlite')
    const { entries } = JSON.parse(readFileSync(join(migrations, 'meta/_journal.json'), 'utf8'))
    t.strictSame(
      readdirSync(migrations).filter((name) => name.endsWith('.sql')),
      entries.map(({ tag }: { tag: string }) => `${tag}.sql`)
    )
    t.end()
  })

  t.test('what was compiled imports the packages that the package needs, and no others', (t) => {
    const { dependencies, peerDependencies, optionalDependencies } = manifest
    const needed = Object.keys({ ...dependencies, ...peerDependencies })
    const imported = inDist
      .filter((path) => COMPILED.test(path))
      .flatMap((path) => importedPackages(join(folder, path)))
    const used = new Set(imported.filter((name) => !(name in optionalDependencies)))
    t.strictSame([...used].sort(), needed.sort())
    t.end()
  })
}
