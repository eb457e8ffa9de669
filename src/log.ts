/** The part of a structured logger (such as pino) that services use. Never hand it tokens, passwords or bytes. */
export interface Log {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

/** One that also takes what only somebody who looks for a fault wants to know. */
export interface DetailedLog extends Log {
  debug(details: object, message: string): void
}
