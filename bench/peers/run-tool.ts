import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024

/** Runs a command to its end. @returns what it printed @throws with its error output, or naming it where it is absent */
export async function runTool(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const { stdout } = await execute(command, args, { cwd, maxBuffer: MAX_OUTPUT_BYTES })
    return stdout
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw new Error(`This peer of the benchmark needs ${command}, which is not on the PATH.`, { cause })
    }
    throw cause
  }
}
