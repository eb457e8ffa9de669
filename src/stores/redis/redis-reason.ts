/** What ioredis says of each command while there is no connection, whatever the reason. */
const NO_CONNECTION =
  /^(?:Stream isn't writeable|Connection is closed|Reached the max retries|Command aborted)/

const MAX_CHARACTERS = 200

/**
 * Why Redis didn't answer, for the log: what it said, or what became of the connection. Neither holds a password.
 * @param ofConnection the last error of the connection, which commands don't tell
 */
export function redisReason(error: unknown, ofConnection?: unknown): string {
  const said = sentence(error)
  const reason = NO_CONNECTION.test(said) ? (ofConnection ? sentence(ofConnection) : 'no connection') : said
  return reason.slice(0, MAX_CHARACTERS)
}

/** Of several addresses that were tried, the errors are inside of one without a message. */
function sentence(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return sentence(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
