// Builds the pages into `pages/built`, by Vite. Runs after each `npm ci`, also by a Node that knows no TypeScript; an
// installation without what the project is made with has no Vite, and does without pages.
import { fileURLToPath } from 'node:url'

/** @returns {Promise<typeof import('vite') | undefined>} */
async function loadVite() {
  try {
    return await import('vite')
  } catch (error) {
    if (error?.code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}

const vite = await loadVite()
if (vite) {
  const configFile = fileURLToPath(new URL('../pages/vite.config.ts', import.meta.url))
  await vite.build({ configFile, logLevel: process.argv.includes('--quiet') ? 'warn' : 'info' })
} else {
  process.stderr.write('Vite is not installed, so the pages are not built; the service runs without them.\n')
}
