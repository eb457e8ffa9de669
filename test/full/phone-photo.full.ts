import { execFileSync } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import sharp from 'sharp'
import t from 'tap'
import { PASSWORD } from '../helper.ts'
import { MAKER, noise, phonePhoto } from '../pictures.ts'
import { startService } from '../service.ts'

t.test(
  'a phone’s photo of several megabytes goes up by curl and comes back upright, without metadata',
  async (t) => {
    const folder = t.testdir()
    // The scene stands upright, 3024 × 4032, red at the top left; the phone lay on its side and stored 4032 × 3024.
    const scene = (await noise(3024, 4032)).blur(1.2).composite([
      {
        input: { create: { width: 1000, height: 1000, channels: 3, background: '#ff0000' } },
        left: 0,
        top: 0
      }
    ])
    const lying = sharp(await scene.png({ compressionLevel: 1 }).toBuffer()).rotate(270)
    const lyingPixels = sharp(await lying.png({ compressionLevel: 1 }).toBuffer())
    const path = `${folder}/photo.jpg`
    writeFileSync(path, await phonePhoto(lyingPixels, 6).toBuffer())
    const photo = await sharp(path).metadata()
    t.match(photo, { width: 4032, height: 3024, orientation: 6 })
    t.ok(photo.exif?.includes(MAKER))
    const { size } = statSync(path)
    t.ok(size > 3_000_000 && size < 10_000_000, `${size} bytes`)

    const { origin } = await startService(t, folder)
    const curl = (...args: string[]) =>
      JSON.parse(execFileSync('curl', ['-sS', ...args], { encoding: 'utf8' }))
    const account = { username: 'ada', email: 'ada@example.com', password: PASSWORD }
    const json = ['-H', 'Content-Type: application/json', '-d', JSON.stringify(account)]
    const { user, access } = curl(`${origin}/api/sign-up/`, ...json)
    const bearer = ['-H', `Authorization: Bearer ${access}`]
    const { avatar } = curl(
      '-X',
      'PUT',
      `${origin}/api/profile/${user.id}/update/`,
      ...bearer,
      '-F',
      `avatar=@${path}`
    )

    const stored = Buffer.from(await (await fetch(origin + avatar)).arrayBuffer())
    const { width, height, exif, orientation, icc, xmp } = await sharp(stored).metadata()
    t.strictSame(
      { width, height, exif, orientation, icc, xmp },
      { width: 384, height: 512, exif: undefined, orientation: undefined, icc: undefined, xmp: undefined }
    )
    for (const trace of [MAKER, 'Exif', 'GPS']) t.notOk(stored.includes(trace), trace)
    const pixels = await sharp(stored).raw().toBuffer()
    const [red = 0, green = 255] = pixels.subarray((50 * 384 + 50) * 3)
    t.ok(red > 200 && green < 60, 'the red corner is at the top left again')
  }
)
