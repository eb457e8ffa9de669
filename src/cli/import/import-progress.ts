import type { ImportPhase } from '../../django/import-run.ts'
import { openProgressLine } from '../progress-line.ts'

export interface Progress {
  update(phase: ImportPhase, done: number, total: number): void
  /** Takes the line away. */
  end(): void
}

const NAMES: Record<ImportPhase, string> = {
  pictures: 'Looking for pictures',
  users: 'Taking over users',
  tokens: 'Taking over tokens',
  commit: 'Writing it all to the disk'
}

/** How far an import is; the next phase shows at once. */
export function createProgress(output: NodeJS.WriteStream, now = () => performance.now()): Progress {
  const line = openProgressLine(output, now)
  let current: { phase: ImportPhase; since: number } | undefined

  return {
    update(phase, done, total) {
      const isNew = current?.phase !== phase
      if (isNew) current = { phase, since: now() }
      const seconds = () => (current ? (now() - current.since) / 1000 : 0)
      line.show(() => describe(phase, done, total, seconds()), isNew)
    },
    end: line.end
  }
}

function describe(phase: ImportPhase, done: number, total: number, seconds: number): string {
  if (total === 0) return `${NAMES[phase]} …`
  const count = `${NAMES[phase]}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
  if (seconds < 1 || done === 0) return count
  const rate = done / seconds
  const left = Math.max(0, Math.ceil((total - done) / rate))
  return `${count}, ${Math.round(rate).toLocaleString('en')} a second, ${left} s left`
}
