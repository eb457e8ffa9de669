/** A setting that can't be used; the message names it and says what it takes. */
export class ConfigError extends Error {
  constructor(name: string, expected: string) {
    super(`${name}: ${expected}`)
    this.name = 'ConfigError'
  }
}

/** What the system said, without a stack. */
export const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
