import { execFileSync } from 'node:child_process'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { PASSWORD } from '../helper.ts'
import { noise } from '../pictures.ts'
import { startService } from '../service.ts'

t.test('curl sends a refused picture not a byte of its way, and a welcome one whole', async (t) => {
  const folder = t.testdir()
  const { origin } = await startService(t, folder)
  const made = await fetch(`${origin}/api/sign-up/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'ada', email: 'ada@example.com', password: PASSWORD })
  })
  const { user, access } = (await made.json()) as { user: { id: number }; access: string }
  const [photo, huge] = [`${folder}/photo.jpg`, `${folder}/huge.jpg`]
  // More than a megabyte, from where on curl asks by itself whether it may send.
  writeFileSync(photo, await (await noise(2000, 1500)).jpeg().toBuffer())
  writeFileSync(huge, Buffer.alloc(30_000_000))

  const upload = (path: string, token: string) => {
    const written = execFileSync(
      'curl',
      [
        ...['-sS', '-v', '--stderr', '-', '-X', 'PUT', `${origin}/api/profile/${user.id}/update/`],
        ...['-H', `Authorization: Bearer ${token}`, '-F', `avatar=@${path}`],
        // Long enough that an answer which does not come fails the test, instead of curl sending after a second.
        ...['--expect100-timeout', '60', '-w', '\n%{http_code} %{size_upload}\n']
      ],
      { encoding: 'utf8' }
    )
    t.match(written, /^> Expect: 100-continue/m, 'curl asked')
    const [, status, sent] = /^(\d+) (\d+)$/m.exec(written) ?? []
    return {
      status: Number(status),
      sent: Number(sent),
      invited: /^< HTTP\/1\.1 100 Continue/m.test(written)
    }
  }
  t.strictSame(upload(photo, 'no-token'), { status: 401, sent: 0, invited: false })
  t.strictSame(upload(huge, access), { status: 413, sent: 0, invited: false })
  t.strictSame(readdirSync(`${folder}/media/avatars`), [])
  const { status, sent, invited } = upload(photo, access)
  t.strictSame({ status, invited }, { status: 200, invited: true })
  t.ok(sent > statSync(photo).size, `${sent} bytes`)
  t.equal(readdirSync(`${folder}/media/avatars`).length, 1)
  t.strictSame(readdirSync(`${folder}/media/.uploads`), [])
})
