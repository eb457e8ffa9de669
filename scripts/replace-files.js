import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Makes a folder hold the files of another one of the same disk, which is left empty. Whoever reads meanwhile finds every file
 * that both have, old or new; the pages come last, when all that they load is there.
 * @param {string} from
 * @param {string} to
 */
export function replaceFiles(from, to) {
  const fresh = filesIn(from).sort((one, other) => Number(isPage(one)) - Number(isPage(other)))
  for (const file of fresh) {
    mkdirSync(dirname(join(to, file)), { recursive: true })
    renameSync(join(from, file), join(to, file))
  }
  for (const file of filesIn(to)) if (!fresh.includes(file)) rmSync(join(to, file), { force: true })
}

/** @param {string} file */
const isPage = (file) => file.endsWith('.html')

/**
 * @param {string} folder
 * @returns paths in it, of files
 */
const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
