import { openProgressLine } from './progress-line.ts'

export interface PhaseProgress<Phase extends string> {
  /** @param total 0 where it is not known */
  update(phase: Phase, done: number, total: number): void
  /** Takes the line away. */
  end(): void
}

/** How far work of several phases is; the next phase shows at once. */
export function createPhaseProgress<Phase extends string>(
  names: Record<Phase, string>,
  output: NodeJS.WriteStream,
  now = () => performance.now()
): PhaseProgress<Phase> {
  const line = openProgressLine(output, now)
  let current: { phase: Phase; since: number } | undefined

  return {
    update(phase, done, total) {
      const isNew = current?.phase !== phase
      if (isNew) current = { phase, since: now() }
      const seconds = () => (current ? (now() - current.since) / 1000 : 0)
      line.show(() => describe(names[phase], done, total, seconds()), isNew)
    },
    end: line.end
  }
}

function describe(name: string, done: number, total: number, seconds: number): string {
  if (total === 0) return done === 0 ? `${name} …` : `${name}: ${done.toLocaleString('en')}`
  const count = `${name}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
  if (seconds < 1 || done === 0) return count
  const rate = done / seconds
  const left = Math.max(0, Math.ceil((total - done) / rate))
  return `${count}, ${Math.round(rate).toLocaleString('en')} a second, ${left} s left`
}
