// Compiles what the package ships into an empty `dist`, and puts beside it what the compiler leaves out.
import { spawnSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What is read at run time and is no code. Drizzle's snapshots only serve to write the next migration. */
const ASSETS = ['pages/built', 'drizzle/sqlite', 'drizzle/postgres', 'src/passwords/common-passwords.txt.gz']
const isSnapshot = (path: string) => path.endsWith('_snapshot.json')

// Of an older build nothing may be left: a file whose source is gone would go on being packed.
rmSync(`${root}/dist`, { recursive: true, force: true })
const isDone = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [`${root}/${script}`, ...args], { stdio: 'inherit' }).status === 0

if (
  isDone('node_modules/typescript/bin/tsc', '-p', `${root}/tsconfig.build.json`) &&
  isDone('scripts/build-pages.js', '--quiet')
) {
  for (const path of ASSETS)
    cpSync(`${root}/${path}`, `${root}/dist/${path}`, {
      recursive: true,
      filter: (source) => !isSnapshot(source)
    })
} else {
  rmSync(`${root}/dist`, { recursive: true, force: true })
  process.exitCode = 1
}
