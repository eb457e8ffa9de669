/** Why a move can't be made, or not now. Its message is for people, and holds no password. */
export class MigrationRefused extends Error {
  /** 1: what is there forbids it; 2: it could not be tried. */
  readonly exitCode: 1 | 2

  constructor(message: string, { exitCode = 1, cause }: { exitCode?: 1 | 2; cause?: unknown } = {}) {
    super(message, { cause })
    this.name = 'MigrationRefused'
    this.exitCode = exitCode
  }
}
