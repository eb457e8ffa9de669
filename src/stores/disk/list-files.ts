import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../error-code.ts'

/** The files right in a folder, in no order; `modifiedAt` in epoch milliseconds. One deleted meanwhile is left out. */
export async function* listFiles(folder: string): AsyncIterable<{ name: string; modifiedAt: number }> {
  for await (const entry of await opendir(folder)) {
    const modifiedAt = entry.isFile() ? await findModified(join(folder, entry.name)) : undefined
    if (modifiedAt !== undefined) yield { name: entry.name, modifiedAt }
  }
}

async function findModified(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
