import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Test } from 'tap'
import { type InstalledPackage, runPlain, specifierOf, subpathsOf } from './install.ts'

export function testModules(t: Test, { host, manifest }: InstalledPackage): void {
  /** Runs a script as a file of the host's. */
  async function runScript(name: string, source: string) {
    writeFileSync(join(host, name), source)
    const { stdout, stderr } = await runPlain(host, process.execPath, name)
    return { stdout, stderr }
  }

  t.test('CommonJS requires every subpath, and registers what it gets', async (t) => {
    const outcome = await runScript(
      'host.cjs',
      `const Fastify = require('fastify')
       for (const path of ${JSON.stringify(subpathsOf(manifest).map(specifierOf))}) require(path)
       const { userProfile } = require('fastify-user-profile')
       const options = { jwtSecret: 'x'.repeat(32), databasePath: ':memory:' }
       const app = Fastify()
       app.register(require('fastify-user-profile'), { ...options, mediaRoot: './required' })
       app.register(userProfile, { ...options, mediaRoot: './named', prefix: '/named' })
       const statusOf = async (url) => (await app.inject(url)).statusCode
       Promise.all(['/api/profile/', '/named/profile/', '/profile/'].map(statusOf))
         .then((statuses) => console.log(statuses.join()))
         .then(() => app.close())`
    )
    t.strictSame(outcome, { stdout: '401,401,404\n', stderr: '' })
  })

  t.test('a page’s bundle takes the client that is made for browsers', async (t) => {
    const { outputFiles, metafile } = await build({
      stdin: {
        contents: "export { createClient, isProfileError } from 'fastify-user-profile/client'",
        resolveDir: host
      },
      bundle: true,
      minify: true,
      write: false,
      metafile: true,
      platform: 'browser',
      format: 'esm'
    })
    const bytes = outputFiles[0]?.contents.length ?? Number.POSITIVE_INFINITY
    t.comment(`${bytes} bytes`)
    t.ok(bytes < 12_000)
    t.ok(Object.keys(metafile.inputs).some((path) => path.endsWith('entries/client-browser.js')))
  })

  t.test('checkpoints run on a thread of their own', async (t) => {
    const outcome = await runScript(
      'checkpoints.mjs',
      `import { openSqliteStores } from 'fastify-user-profile/stores/sqlite'
       let done = 0
       process.on('worker', (worker) => worker.on('message', () => done++))
       const { users, close } = openSqliteStores({ path: './checkpoints.db', checkpointFrames: 20 })
       const rest = { firstName: '', lastName: '', numberPhone: null, passwordHash: '!', dateJoined: 0 }
       // It answers once for what it copied beside the writes, and once for the rest.
       for (let made = 0; done < 2 && made < 10_000; made++) {
         await users.create({ username: 'user' + made, email: made + '@example.com', ...rest })
         await new Promise(setImmediate)
       }
       await close()
       console.log(done >= 2)`
    )
    t.strictSame(outcome, { stdout: 'true\n', stderr: '' })
  })
}
