import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { pinned } from '../harness/processes.ts'
import type { LoadClient } from './load.ts'

const CHILD = fileURLToPath(new URL('autocannon-child.ts', import.meta.url))

/** autocannon, for where wrk is missing. It is itself JavaScript: on fast routes it is what is measured. */
export function findAutocannon(): LoadClient {
  const { version } = createRequire(import.meta.url)('autocannon/package.json')
  return {
    name: `autocannon ${version}`,
    async run(options) {
      const args = [CHILD, JSON.stringify(options)]
      const { stdout } = await promisify(execFile)(...pinned('load', process.execPath, args))
      return JSON.parse(stdout)
    }
  }
}
