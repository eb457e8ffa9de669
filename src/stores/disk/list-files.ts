import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../error-code.ts'

export interface ListedFile {
  name: string
  bytes: number
  /** Epoch milliseconds. */
  modifiedAt: number
}

/** The files right in a folder, in no order. One deleted meanwhile is left out. */
export async function* listFiles(folder: string): AsyncIterable<ListedFile> {
  for await (const entry of await opendir(folder)) {
    const found = entry.isFile() ? await examine(join(folder, entry.name)) : undefined
    if (found) yield { name: entry.name, ...found }
  }
}

async function examine(path: string): Promise<Omit<ListedFile, 'name'> | undefined> {
  try {
    const { size, mtimeMs } = await stat(path)
    return { bytes: size, modifiedAt: mtimeMs }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
