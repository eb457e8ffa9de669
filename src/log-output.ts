import sonicBoom from 'sonic-boom'

const STANDARD_OUTPUT = 1
/** Bytes that are kept while the output takes nothing; further lines are dropped. */
const MAX_KEPT_BYTES = 1_048_576

export interface LogOutput {
  write(line: string): void
  /** Writes what this turn has logged so far; a logger calls it before the process ends. */
  flushSync(): void
}

/**
 * Where the log goes: standard output, written once in a turn of the event loop, however many lines that turn logged.
 * An output that fails costs the log, never the service; only a pipe that blocks, and that nobody reads, blocks its
 * writer, as it does any program.
 */
export function openLogOutput(fd = STANDARD_OUTPUT): LogOutput {
  const output = new sonicBoom.SonicBoom({
    fd,
    sync: true,
    maxLength: MAX_KEPT_BYTES,
    // It would sleep until the output takes something again, and everybody with it.
    retryEAGAIN: () => false
  })
  // What could not be written stays, and is tried again with the next lines.
  output.on('error', () => {})
  let lines = ''

  function flushSync(): void {
    const text = lines
    lines = ''
    if (text !== '') output.write(text)
  }

  process.once('exit', flushSync)
  return {
    write(line) {
      if (lines === '') setImmediate(flushSync)
      lines += line
    },
    flushSync
  }
}
