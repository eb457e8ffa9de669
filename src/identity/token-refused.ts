/** A token that is not taken. Why is for the log only: it would tell a forger what to mend. */
export class TokenRefusedError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options)
    this.name = 'TokenRefusedError'
  }
}
