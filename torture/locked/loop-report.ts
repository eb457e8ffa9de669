import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { eventually } from '../../test/helper.ts'
import { filesIn } from '../harness/media-folder.ts'
import type { Server } from '../harness/server.ts'

/** How late the turns of an event loop were, in milliseconds. */
export interface LoopReport {
  longestMs: number
  /** Without the time in which other programs had the processor. */
  longestWithoutOthersMs: number
  /** The longest collection of garbage: part of the above. */
  longestCollectionMs: number
  turns: number
}

/** Node's options that make a service watch its loop. */
export const WATCHING_LOOP = ['--import', fileURLToPath(new URL('watch-loop.ts', import.meta.url))]

/** What the service saw since it was asked the last time. */
export async function askForLoop(server: Server, folder: string): Promise<LoopReport> {
  const file = `${folder}/loop.json`
  rmSync(file, { force: true })
  server.child.kill('SIGWINCH')
  await eventually('the service says how its loop was', () => filesIn(folder).includes('loop.json'))
  return JSON.parse(readFileSync(file, 'utf8'))
}
