import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import t from 'tap'

/**
 * Versions below which a dependency has a flaw that would be one of this service: no copy of it may be older, and no range in
 * package.json may allow one.
 */
const FLOORS: Record<string, [floor: string, flaw: string]> = {
  fastify: ['5.12.2', 'CVE-2026-16732: forwarded addresses by a number of hops'],
  '@fastify/static': ['10.1.3', 'GHSA-pr96, GHSA-x428 and others: paths out of the folder'],
  '@fastify/multipart': ['10.1.9', 'look-alikes of files, and files that an aborted request leaves'],
  '@fastify/jwt': ['10.2.8', 'comes with fast-jwt 6.3.4'],
  'fast-jwt': ['6.3.4', 'GHSA-ww5h-9m49-7xx4, GHSA-8wpc-h4q6-8fxv: keys of another kind, and none'],
  'drizzle-orm': ['0.45.2', 'CVE-2026-39356: names that end their quotes'],
  sharp: ['0.35.0', 'GHSA-f88m-g3jw-g9cj: libvips'],
  'better-sqlite3': ['12.8.0', 'SQLite up to 3.51.2 loses committed writes of two connections']
}
/** Of the library in a package. */
const SQLITE_FLOOR = '3.51.3'

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'))

function isAtLeast(version: string, floor: string): boolean {
  const [one = [], other = []] = [version, floor].map((text) =>
    text.split('-', 1).join().split('.').map(Number)
  )
  const at = other.findIndex((part, index) => part !== one[index])
  return at < 0 || (one[at] ?? 0) > (other[at] ?? 0)
}

t.test('no copy of a dependency is as old as its flaw, nor may any be', async (t) => {
  const packages: Record<string, { version: string; dev?: boolean; devOptional?: boolean }> =
    read('package-lock.json').packages
  const { dependencies, peerDependencies } = read('package.json')
  for (const [name, [floor, flaw]] of Object.entries(FLOORS)) {
    const copies = Object.entries(packages).filter(([path]) => path.endsWith(`node_modules/${name}`))
    t.ok(copies.length > 0, name)
    for (const [path, { version }] of copies) t.ok(isAtLeast(version, floor), `${path} ${version}: ${flaw}`)
    const range = dependencies[name] ?? peerDependencies[name]
    if (range !== undefined) t.ok(isAtLeast(range.replace(/^\^/, ''), floor), `${name} ${range}: ${flaw}`)
  }
})

t.test('the libraries that are loaded are those', async (t) => {
  const database = new Database(':memory:')
  const version = String(database.prepare('SELECT sqlite_version()').pluck().get())
  database.close()
  t.ok(isAtLeast(version, SQLITE_FLOOR), version)
  t.ok(isAtLeast(sharp.versions.sharp ?? '0', FLOORS.sharp?.[0] ?? ''))
})

t.test('versions are compared by their numbers', async (t) => {
  for (const [version, floor, expected] of [
    ['10.1.9', '10.1.9', true],
    ['10.1.10', '10.1.9', true],
    ['9.9.9', '10.1.9', false],
    ['10.1.8', '10.1.9', false],
    ['11.0.0', '10.1.9', true],
    ['10.0.99', '10.1.9', false]
  ] as const)
    t.equal(isAtLeast(version, floor), expected, `${version} against ${floor}`)
})
