import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { startService } from '../service.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The shell block under "Try it". */
function commands(): string {
  const readme = readFileSync(`${root}/README.md`, 'utf8')
  const block = /^## Try it$.*?^```sh\n(.*?)^```$/ms.exec(readme)?.[1]
  if (!block) throw new Error('the README has no commands to try')
  return block
}

t.test('the README’s curl commands work as they are pasted', async (t) => {
  const folder = t.testdir()
  const service = await startService(t, folder)
  const { host } = new URL(service.origin)
  // The commands say port 8000; curl is told where that is, so that not a letter of them has to change.
  writeFileSync(`${folder}/.curlrc`, `connect-to = "127.0.0.1:8000:${host}"\n`)
  const env = { PATH: process.env.PATH, HOME: folder, CURL_HOME: folder }
  const script = commands()
  t.equal(script.match(/\bcurl\b/g)?.length, 3)
  // What the service itself suggests comes first, as it does for a new user.
  const suggested = /^ {2}(curl .*\n.*)$/m.exec(service.stderr())?.[1] ?? ''
  execFileSync('sh', ['-e'], { cwd: root, env, input: suggested })
  const output = execFileSync('sh', ['-e'], { cwd: root, env, input: script, encoding: 'utf8' })
  const answers = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  t.match(answers, [
    { user: { id: 2, username: 'alice' }, access: /./, refresh: /./ },
    { id: 2, first_name: 'Alice', last_name: 'Wonderland', number_phone: '5559876543', avatar: null },
    { id: 2, first_name: 'Alice', avatar: /^\/media\/avatars\/[0-9a-f]{32}\.jpg$/ }
  ])
  const picture = await fetch(service.origin + answers[2].avatar)
  t.equal(picture.status, 200)
  t.equal(picture.headers.get('content-type'), 'image/jpeg')
})
