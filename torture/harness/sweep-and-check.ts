import { eventually } from '../../test/helper.ts'
import { age, createPictureCheck, filesIn, straysIn } from './media-folder.ts'
import { readRows } from './rows.ts'
import { startServer } from './server.ts'
import type { Tally } from './tally.ts'
import { UNHURRIED } from './unhurried.ts'

/** Starts the service once more on what is there, and looks for pictures without users, and users without their pictures. */
export async function sweepAndCheck(
  { root, media, database }: { root: string; media: string; database: string },
  { count, fail }: Tally
): Promise<void> {
  const [avatars, uploads] = [`${media}/avatars`, `${media}/.uploads`]
  age(avatars, uploads)
  const server = await startServer(root, { env: { ...UNHURRIED, MEDIA_ROOT: media } })
  try {
    const rows = readRows(database)
    const left = () => straysIn(avatars, rows).length + filesIn(uploads).length
    await eventually('the strays were swept', () => left() === 0).catch(() => {
      count('strays', left())
      fail('files are left that nobody refers to')
    })
    for (const name of await createPictureCheck()(avatars, rows)) fail(`the picture ${name} can’t be read`)
  } finally {
    await server.end('SIGTERM')
  }
}
