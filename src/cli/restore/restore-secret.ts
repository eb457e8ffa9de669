import { rename, rm } from 'node:fs/promises'
import { hashFile } from '../../stores/disk/hashed-files.ts'
import { readRegularFile } from '../../stores/disk/read-regular-file.ts'
import { SECRET } from '../backup/manifest.ts'
import type { ListedFiles } from './listed-files.ts'
import { copyListed } from './place-pictures.ts'

/** `kept`: another one was there already, and stays. `none`: the backup has none. */
export type SecretOutcome = 'restored' | 'same' | 'kept' | 'none'

/** Puts the key of tokens in place, whole or not at all. It comes before the rows: they are no use without it. */
export async function restoreSecret({
  folder,
  listed,
  path,
  replace,
  signal
}: {
  /** The backup's. */
  folder: string
  listed: ListedFiles
  path: string
  replace: boolean
  signal: AbortSignal
}): Promise<SecretOutcome> {
  const entry = listed.find(SECRET)
  if (!entry) return 'none'
  const copy = `${path}-restoring`
  await copyListed(folder, entry, copy, { mode: 0o600, signal })
  try {
    const present = await readRegularFile(path, (file) => hashFile(file, signal))
    if (present?.sha256 === entry.sha256) return 'same'
    if (present && !replace) return 'kept'
    await rename(copy, path)
    return 'restored'
  } finally {
    await rm(copy, { force: true })
  }
}
