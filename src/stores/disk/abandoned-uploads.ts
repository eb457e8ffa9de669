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
 * @param timeoutMs how long an upload may take; undefined where no service is running that could finish any
 */
export async function* findAbandonedUploads({
  folder,
  timeoutMs,
  clock
}: {
  folder: string
  timeoutMs: number | undefined
  clock: Clock
}): AsyncIterable<AbandonedUpload> {
  const before = timeoutMs === undefined ? Number.POSITIVE_INFINITY : clock.now() - timeoutMs - GRACE_MS
  for await (const file of listFiles(folder))
    if (file.modifiedAt < before) yield { ...file, path: join(folder, file.name) }
}
