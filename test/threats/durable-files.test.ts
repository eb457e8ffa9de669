import { readdirSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { buildTestApp } from '../helper.ts'
import { jpeg, png } from '../pictures.ts'

/**
 * A row that points at a picture which a power cut takes (write-file-atomic issue 64, fossology issue 3483): the file is synced,
 * then named, its folder is synced, and only then the row is written. Where one of them fails nothing is left of the update.
 */
const POSIX = { skip: process.platform === 'win32' && 'Windows syncs no folders' }

interface Sync {
  of: 'file' | 'folder'
  /** What is in the folder of pictures at that moment, and what the row says. */
  named: string[]
  avatar: unknown
}

/** Has a say whenever the service syncs a file or a folder. */
async function watchSyncs(t: Test, folder: string, atSync: (of: Sync['of'], index: number) => void) {
  const handle = await open(folder)
  const prototype = Object.getPrototypeOf(handle)
  await handle.close()
  const { sync } = prototype
  let index = 0
  t.intercept(prototype, 'sync', {
    async value(this: FileHandle) {
      const of = (await this.stat()).isDirectory() ? 'folder' : 'file'
      atSync(of, index++)
      return sync.call(this)
    }
  })
}

const visible = (names: string[]) => names.filter((name) => !name.startsWith('.'))

t.test('the file, its name, its folder, and then the row', POSIX, async (t) => {
  const { folder, signUp, update, row, pictures } = await buildTestApp(t)
  const ada = await signUp()
  await update(ada, { form: [['avatar', { bytes: await jpeg() }]] })
  const [old] = pictures()
  const syncs: Sync[] = []
  await watchSyncs(t, folder, (of) => {
    syncs.push({ of, named: visible(pictures()), avatar: row(ada.id)?.avatar })
  })
  const response = await update(ada, { form: [['avatar', { bytes: await png() }]] })
  t.equal(response.statusCode, 200)
  const added = row(ada.id)?.avatar
  t.match(added, /\.png$/)
  t.strictSame(syncs, [
    { of: 'file', named: [old], avatar: old },
    { of: 'folder', named: [old, added].sort(), avatar: old }
  ])
  t.strictSame(pictures(), [added])
})

t.test(
  'where the disk refuses a sync the old picture stays, and nothing of the new one',
  POSIX,
  async (t) => {
    const { folder, signUp, update, call, row, pictures, uploads } = await buildTestApp(t)
    const ada = await signUp()
    await update(ada, { form: [['avatar', { bytes: await jpeg() }]] })
    const [before, files] = [row(ada.id), pictures()]
    const refusals: [at: number, code: string, status: number][] = [
      [0, 'EIO', 503],
      [1, 'EIO', 503],
      [0, 'ENOSPC', 507],
      [1, 'EDQUOT', 507]
    ]
    for (const [at, code, status] of refusals) {
      await t.test(`${code} at sync ${at}`, async (t) => {
        await watchSyncs(t, folder, (_of, index) => {
          if (index === at) throw Object.assign(new Error('the disk failed'), { code })
        })
        const form: Parameters<typeof update>[1]['form'] = [
          ['first_name', 'written?'],
          ['avatar', { bytes: await png() }]
        ]
        const { statusCode, body } = await update(ada, { form })
        t.equal(statusCode, status, body)
        t.notMatch(body, /disk|E[A-Z]{2}|\//)
        t.strictSame(row(ada.id), before)
        t.strictSame([pictures(), uploads()], [files, []])
        t.equal((await call('GET', `/media/avatars/${files[0]}`)).statusCode, 200)
      })
    }
    t.equal((await update(ada, { form: [['avatar', { bytes: await png() }]] })).statusCode, 200)
    t.strictSame(readdirSync(join(folder, 'media/avatars')), [row(ada.id)?.avatar])
  }
)
