/** An option that can't be used: the boot fails, and the message names it and says what it takes. */
export class OptionError extends Error {
  readonly code = 'FST_USER_PROFILE_OPTION'
  readonly option: string

  constructor(option: string, expected: string) {
    super(`fastify-user-profile: option "${option}": ${expected}`)
    this.name = 'OptionError'
    this.option = option
  }
}
