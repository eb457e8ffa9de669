/** One line that is rewritten, where somebody looks on. */
export interface ProgressLine {
  /**
   * @param text made only where it is shown
   * @param atOnce however short ago the last one was
   */
  show(text: () => string, atOnce?: boolean): void
  /** Takes the line away. */
  end(): void
}

const EVERY_MS = 250

/** Nothing is written where the output is no terminal. */
export function openProgressLine(output: NodeJS.WriteStream, now = () => performance.now()): ProgressLine {
  if (!output.isTTY) return { show() {}, end() {} }
  let written = Number.NEGATIVE_INFINITY
  const write = (text: string) => void output.write(`\r${text}\x1b[K`)

  return {
    show(text, atOnce = false) {
      const time = now()
      if (!atOnce && time - written < EVERY_MS) return
      written = time
      write(text())
    },
    end() {
      if (!Number.isFinite(written)) return
      written = Number.NEGATIVE_INFINITY
      write('')
    }
  }
}
