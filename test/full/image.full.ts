import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { freePort } from '../../bench/harness/processes.ts'
import { eventually, PASSWORD } from '../helper.ts'
import { buildImage, type Image } from './container/build-image.ts'
import { copyContext } from './container/docker-context.ts'
import { removeRootFolder } from './container/root-folder.ts'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

async function start({ root, workdir, env, entrypoint }: Image, more: Record<string, string>) {
  const port = String(await freePort())
  const child = root.start(entrypoint, workdir, { ...env, HOST: '127.0.0.1', ...more, PORT: port })
  const ended = once(child, 'exit')
  let written = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text) => {
      written += text
    })
  await eventually('it listens', () => written.includes('listening on') || child.exitCode !== null, 30_000)
  if (child.exitCode !== null) throw new Error(written)
  return { child, ended, port, origin: `http://127.0.0.1:${port}`, written: () => written }
}

t.test('the image is built, runs without rights on a read-only root, and keeps its volume', async (t) => {
  const folder = t.testdir({ context: {} })
  copyContext(PROJECT, `${folder}/context`)
  const image = buildImage(`${folder}/context`, folder)
  t.teardown(() => removeRootFolder(image.root))
  t.strictSame([image.user, image.volumes], ['1000:1000', ['/data']])
  const inside = (path: string) => `${image.root.path}/app/${path}`
  t.notOk(existsSync(inside('src')), 'sources stay behind')
  t.notOk(existsSync(inside('node_modules/typescript')), 'and what it was made with')

  const first = await start(image, {})
  const signUp = await fetch(`${first.origin}/api/sign-up/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'ada', email: 'ada@example.com', password: PASSWORD })
  })
  t.equal(signUp.status, 201)
  const data = `${image.root.path}.data`
  for (const name of ['jwt-secret', 'media', 'profile.db']) t.ok(existsSync(`${data}/${name}`), name)
  t.strictSame([statSync(data).uid, statSync(`${data}/profile.db`).uid], [1000, 1000])

  t.match(await (await fetch(`${first.origin}/account/`)).text(), '<script type="module"')

  const check = (port: string) => {
    const child = image.root.start(image.healthcheck, image.workdir, { ...image.env, PORT: port })
    return once(child, 'exit').then(([code]) => code)
  }
  t.equal(await check(first.port), 0, 'it is healthy')
  first.child.kill('SIGTERM')
  t.strictSame(await first.ended, [0, null])
  t.equal(await check(first.port), 1, 'and then no longer')

  const second = await start(image, {})
  const signIn = await fetch(`${second.origin}/api/sign-in/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ada@example.com', password: PASSWORD })
  })
  t.equal(signIn.status, 200, 'who was there is there')
  second.child.kill('SIGTERM')
  t.strictSame(await second.ended, [0, null])
})
