import { join } from 'node:path'
import type { Clock } from '../../clock.ts'
import { type ListedFile, listFiles } from './list-files.ts'

/** Files on their way that are so much older than an upload may take were left by a process that ended. */
const GRACE_MS = 900_000

export interface AbandonedUpload extends ListedFile {
  path: string
}

/**
 * The files in a folder of uploads that nobody will finish.
 * @param timeoutMs how long an upload may take
 * @param graceMs how much older they have to be. @default 900000
 */
export async function* findAbandonedUploads({
  folder,
  timeoutMs,
  graceMs = GRACE_MS,
  clock
}: {
  folder: string
  timeoutMs: number
  graceMs?: number
  clock: Clock
}): AsyncIterable<AbandonedUpload> {
  const before = clock.now() - timeoutMs - graceMs
  for await (const file of listFiles(folder))
    if (file.modifiedAt < before) yield { ...file, path: join(folder, file.name) }
}
