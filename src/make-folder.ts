import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes a folder with those that it is in, where they are missing. They survive a power cut: the name of a new folder does
 * so only once the folder that it is in is synced; see fsync(2).
 * @param mode of those that are made; the process's umask takes its part
 * @returns whether it was not there yet
 */
export function makeFolder(path: string, mode = 0o777): boolean {
  const made = mkdirSync(path, { recursive: true, mode })
  if (made === undefined || process.platform === 'win32') return made !== undefined
  const above = dirname(resolve(made))
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    syncFolderNow(folder)
    if (folder === above || folder === dirname(folder)) return true
  }
}

function syncFolderNow(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
