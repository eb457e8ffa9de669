// Builds the pages into `pages/built`, by Vite. Runs after each `npm ci`, also by a Node that knows no TypeScript; an
// installation without what the project is made with has no Vite, and does without pages.
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(`../pages/${path}`, import.meta.url))

/** @returns {Promise<typeof import('vite') | undefined>} */
async function loadVite() {
  try {
    return await import('vite')
  } catch (error) {
    if (error?.code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}

/**
 * Makes a folder hold these files and no others. Whoever reads meanwhile finds each that was there before too, old or new; the
 * pages come last, when all that they load is there.
 * @param {string} folder
 * @param {Map<string, string | Uint8Array>} files by their paths in it
 */
function replaceFiles(folder, files) {
  const isPage = (path) => path.endsWith('.html')
  for (const path of [...files.keys()].sort((one, other) => isPage(one) - isPage(other))) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    // What is left of one that is ended here has another name than the files, and goes with the next build.
    const whole = `${file}.${process.pid}`
    writeFileSync(whole, files.get(path))
    renameSync(whole, file)
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    const path = file.slice(folder.length + 1).replaceAll('\\', '/')
    if (entry.isFile() && !files.has(path)) rmSync(file, { force: true })
  }
}

const vite = await loadVite()
if (vite) {
  const logLevel = process.argv.includes('--quiet') ? 'warn' : 'info'
  const { output } = await vite.build({ configFile: at('vite.config.ts'), logLevel })
  replaceFiles(at('built'), new Map(output.map((file) => [file.fileName, file.code ?? file.source])))
} else {
  process.stderr.write('Vite is not installed, so the pages are not built; the service runs without them.\n')
}
