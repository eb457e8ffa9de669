import type { Test } from 'tap'
import { typedMembers } from './decorations.ts'
import { type InstalledPackage, specifierOf, subpathsOf } from './install.ts'
import { compile, typeConsumers } from './type-consumers.ts'

export function testTypes(t: Test, installed: InstalledPackage): void {
  const { host, manifest } = installed

  t.test('strict TypeScript takes every subpath, however it resolves modules', async (t) => {
    for (const consumer of typeConsumers(installed))
      for (const [compiler, said] of await compile(host, consumer))
        t.equal(said, '', `${consumer.name}, ${compiler}`)
  })

  t.test('types say of an app what a part decorates it with, and nothing of what is kept from it', (t) => {
    const plain = typedMembers(host)
    t.ok(plain.has('app.register') && plain.has('request.headers') && plain.has('reply.send'))
    const addedBy = (specifier: string) =>
      [...typedMembers(host, specifier)].filter((name) => !plain.has(name)).sort()
    const decorated: Record<string, string[]> = {
      './auth': ['app.authenticate', 'app.sessions', 'request.currentUser'],
      // It registers that one, where the app has not.
      './uploads': ['app.readForm', ...addedBy('@fastify/multipart')].sort()
    }
    for (const subpath of subpathsOf(manifest))
      t.strictSame(addedBy(specifierOf(subpath)), decorated[subpath] ?? [], subpath)
    t.end()
  })
}
