import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** Ignored by Git. */
const CACHE = fileURLToPath(new URL('../.cache', import.meta.url))
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url))

/**
 * The program, in a virtual environment of the versions that are pinned, made once for each set of them.
 * Needs python3 with venv, and PyPI or a mirror that pip knows.
 */
export async function installSchemathesis(): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12)
  const folder = join(CACHE, `schemathesis-${digest}`)
  const [program, whole] = [join(folder, 'bin/schemathesis'), join(folder, 'whole')]
  if (existsSync(whole)) return program
  // What was left of one that was cut short.
  rmSync(folder, { recursive: true, force: true })
  await run('python3', ['-m', 'venv', folder])
  await run(join(folder, 'bin/pip'), ['install', '--quiet', '--no-deps', '--requirement', REQUIREMENTS])
  writeFileSync(whole, '')
  return program
}
