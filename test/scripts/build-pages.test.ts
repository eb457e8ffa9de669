import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BUILT = join(ROOT, 'pages/built')

t.test('pages that are built again are there all the time, and nothing else is left', async (t) => {
  const pages = ['account/index.html', 'admin/index.html'].map((page) => join(BUILT, page))
  const stale = ['account/assets/stale.js', 'admin/index.html.1'].map((path) => join(BUILT, path))
  for (const file of stale) writeFileSync(file, '')
  const build = spawn(process.execPath, ['scripts/build-pages.js', '--quiet'], {
    cwd: ROOT,
    stdio: 'inherit'
  })
  let looks = 0
  let missing = 0
  for (; build.exitCode === null && build.signalCode === null; looks++) {
    if (!pages.every((page) => existsSync(page))) missing++
    await pause(1)
  }
  t.equal(build.exitCode, 0)
  t.ok(looks > 20)
  t.equal(missing, 0)
  for (const file of stale) t.notOk(existsSync(file), file)
  const names = readdirSync(BUILT, { recursive: true, encoding: 'utf8' })
  t.strictSame(
    names.filter((name) => /\.\d+$/.test(name)),
    []
  )
  t.notOk(readdirSync(join(ROOT, 'pages')).some((name) => name.startsWith('built-')))
  const page = readFileSync(pages[0] ?? '', 'utf8')
  const [, script = 'none'] = /assets\/(index-[^"]+\.js)"/.exec(page) ?? []
  t.ok(existsSync(join(BUILT, 'account/assets', script)), script)
})
