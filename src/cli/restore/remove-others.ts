import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { picturesOf } from '../../avatars/media-names.ts'
import type { MediaKey } from '../../avatars/media-store.ts'
import { listFiles } from '../../stores/disk/list-files.ts'
import { PICTURES } from '../backup/manifest.ts'
import type { ListedFiles } from './listed-files.ts'

/**
 * Finds the files that no user of the backup refers to, and deletes them where the old database was replaced.
 * @returns how many there are, or were
 */
export async function removeOthers({
  pictures,
  uploads,
  listed,
  replace
}: {
  /** The service's folders. */
  pictures: string
  uploads: string
  listed: ListedFiles
  replace: boolean
}): Promise<number> {
  let others = 0
  for await (const { name } of listFiles(pictures)) {
    if (picturesOf(name as MediaKey).some((key) => listed.has(`${PICTURES}/${key}`))) continue
    if (replace) await rm(join(pictures, name), { force: true })
    others++
  }
  // The service is stopped: nobody will finish these.
  if (replace && existsSync(uploads))
    for await (const { name } of listFiles(uploads)) await rm(join(uploads, name), { force: true })
  return others
}
