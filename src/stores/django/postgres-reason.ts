import pg from 'pg'
import { errorCode } from '../../error-code.ts'

/**
 * Why PostgreSQL could not be read, for people. Only what the server itself says is passed on: of a URL that is written
 * wrongly, such as one with an unescaped `@` in its password, the rest of an error can hold a piece of that password.
 */
export function postgresReason(error: unknown): string {
  if (error instanceof pg.DatabaseError) return error.message
  const code = errorCode(error)
  if (code !== '') return `the server can't be reached (${code})`
  if (isTimeout(error)) return 'the server does not answer'
  const known = error instanceof Error && SENTENCES.find(([text]) => error.message.includes(text))
  return known ? known[1] : 'the server or the URL can’t be used'
}

/** What the driver says without a code, and what it means. */
const SENTENCES = [
  ['does not support SSL', 'the server does not take TLS'],
  ['client password must be', 'the server asks for a password']
] as const

const isTimeout = (error: unknown) => error instanceof Error && /timeout/.test(error.message)
