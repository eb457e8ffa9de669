import { createHash } from 'node:crypto'
import { readdirSync, utimesSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { picturesOf } from '../../src/avatars/media-names.ts'
import type { MediaKey } from '../../src/avatars/media-store.ts'
import type { Rows } from './rows.ts'

const TWO_HOURS_SECONDS = 7200

/** Everything in the folders becomes so old that the sweep at the next start takes what nobody refers to. */
export function age(...folders: string[]): void {
  const then = Date.now() / 1000 - TWO_HOURS_SECONDS
  for (const folder of folders)
    for (const name of filesIn(folder)) utimesSync(`${folder}/${name}`, then, then)
}

/** The names in a folder; none where it is not there yet. */
export function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

export const namedBy = ({ users }: Rows) =>
  [...users.values()].flatMap(({ avatar }) => (avatar === null ? [] : avatar))

/** The files that are neither a row's picture nor made of one. */
export function straysIn(folder: string, rows: Rows): string[] {
  const named = new Set(namedBy(rows))
  const isInUse = (name: string) => picturesOf(name as MediaKey).some((key) => named.has(key))
  return filesIn(folder).filter((name) => !isInUse(name))
}

/**
 * Looks for the pictures that rows name and that can't be decoded whole, or are not there. Of the same bytes it remembers
 * that they could be.
 */
export function createPictureCheck(): (folder: string, rows: Rows) => Promise<string[]> {
  const good = new Set<string>()

  async function isReadable(path: string): Promise<boolean> {
    try {
      const bytes = await readFile(path)
      const digest = createHash('sha256').update(bytes).digest('hex')
      if (!good.has(digest)) await sharp(bytes, { failOn: 'warning' }).stats()
      good.add(digest)
      return true
    } catch {
      return false
    }
  }

  return async (folder, rows) => {
    const unreadable: string[] = []
    for (const name of namedBy(rows)) if (!(await isReadable(`${folder}/${name}`))) unreadable.push(name)
    return unreadable
  }
}
