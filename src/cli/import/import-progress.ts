import type { ImportPhase } from '../../django/import-run.ts'
import { createPhaseProgress, type PhaseProgress } from '../phase-progress.ts'

export type Progress = PhaseProgress<ImportPhase>

const NAMES: Record<ImportPhase, string> = {
  pictures: 'Looking for pictures',
  users: 'Taking over users',
  tokens: 'Taking over tokens',
  commit: 'Writing it all to the disk'
}

/** How far an import is. */
export const createProgress = (output: NodeJS.WriteStream, now?: () => number): Progress =>
  createPhaseProgress(NAMES, output, now)
