import type { ImportPhase } from '../../django/import-run.ts'

export interface Progress {
  update(phase: ImportPhase, done: number, total: number): void
  /** Takes the line away. */
  end(): void
}

const EVERY_MS = 250

const NAMES: Record<ImportPhase, string> = {
  pictures: 'Looking for pictures',
  users: 'Taking over users',
  tokens: 'Taking over tokens',
  commit: 'Writing it all to the disk'
}

/** One line that is rewritten, where somebody looks on; nothing where the output is no terminal. */
export function createProgress(output: NodeJS.WriteStream, now = () => performance.now()): Progress {
  if (!output.isTTY) return { update() {}, end() {} }
  let current: { phase: ImportPhase; since: number } | undefined
  let written = Number.NEGATIVE_INFINITY
  const write = (text: string) => output.write(`\r${text}\x1b[K`)

  return {
    update(phase, done, total) {
      const time = now()
      const isNew = current?.phase !== phase
      if (isNew) current = { phase, since: time }
      if (!isNew && time - written < EVERY_MS) return
      written = time
      write(line(phase, done, total, (time - (current?.since ?? time)) / 1000))
    },
    end: () => void (current && write(''))
  }
}

function line(phase: ImportPhase, done: number, total: number, seconds: number): string {
  if (total === 0) return `${NAMES[phase]} …`
  const count = `${NAMES[phase]}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
  if (seconds < 1 || done === 0) return count
  const rate = done / seconds
  const left = Math.max(0, Math.ceil((total - done) / rate))
  return `${count}, ${Math.round(rate).toLocaleString('en')} a second, ${left} s left`
}
