import type { ImportRecord } from '../admin/admin-store.ts'
import type { DjangoSource, UserTable } from './django-source.ts'
import type { Finding, ImportCounts } from './findings.ts'
import type { ImportStore } from './import-store.ts'
import type { PictureTaker } from './picture-taker.ts'

export type ImportPhase = 'pictures' | 'users' | 'tokens' | 'commit'

/** What one import works with; each of its parts gets it. */
export interface ImportRun {
  source: DjangoSource
  table: UserTable
  store: ImportStore
  /** Undefined: avatars are dropped. */
  pictures: PictureTaker | undefined
  /** Epoch milliseconds. */
  startedAt: number
  /** Ends it between two pages. */
  signal: AbortSignal
  counts: ImportCounts
  report(finding: Finding): void
  /** What is kept of the import; undefined where nothing is. Asked once, when all but the commit is done. */
  record(): Omit<ImportRecord, 'id'> | undefined
  /** Told after each page. */
  progress(phase: ImportPhase, done: number, total: number): void
}

/** Rows that are in memory at once. */
export const PAGE = 500

/** A moment for signals and timers, between two pages. @throws what the signal was aborted with */
export async function pause({ signal }: Pick<ImportRun, 'signal'>): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  signal.throwIfAborted()
}
