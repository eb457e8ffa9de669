// Builds the pages into `pages/built`, by Vite. Runs after each `npm ci`, also by a Node that knows no TypeScript; an
// installation without what the project is made with has no Vite, and does without pages.
import { mkdtempSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { replaceFiles } from './replace-files.js'

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

/** @param {typeof import('vite')} vite */
async function build(vite) {
  // Beside the last one, which a service may be about to read.
  const outDir = mkdtempSync(at('built-'))
  try {
    const logLevel = process.argv.includes('--quiet') ? 'warn' : 'info'
    await vite.build({ configFile: at('vite.config.ts'), logLevel, build: { outDir } })
    replaceFiles(outDir, at('built'))
  } finally {
    rmSync(outDir, { recursive: true, force: true })
  }
}

const vite = await loadVite()
if (vite) await build(vite)
else
  process.stderr.write('Vite is not installed, so the pages are not built; the service runs without them.\n')
