import { errors, ServiceError } from '../../errors.ts'
import { MOVED_AWAY } from './moved-away.ts'

interface SqliteError extends Error {
  code: string
}

/** Drizzle wraps what the driver throws, and its message lists the parameters: only the cause may go on. */
function driverError(error: unknown): unknown {
  return error instanceof Error && error.name === 'DrizzleQueryError' && error.cause ? error.cause : error
}

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && error.name === 'SqliteError' && 'code' in error
}

export function isBusy(error: unknown): boolean {
  const cause = driverError(error)
  return isSqliteError(cause) && /^SQLITE_(BUSY|LOCKED)/.test(cause.code)
}

/** Whether the disk has no room: for the file, its log, or the memory that its connections share. */
export function isFull(error: unknown): boolean {
  const translated = translateSqliteError(error)
  return translated instanceof ServiceError && translated.code === 'storage_full'
}

export function isUniqueViolation(error: unknown): boolean {
  const cause = driverError(error)
  return isSqliteError(cause) && /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/.test(cause.code)
}

export function isForeignKeyViolation(error: unknown): boolean {
  const cause = driverError(error)
  return isSqliteError(cause) && cause.code === 'SQLITE_CONSTRAINT_FOREIGNKEY'
}

const FULL = /^SQLITE_(FULL|IOERR_SHMSIZE)/

/** What of SQLite's failures passes by itself or by an operator's hand; the rest are faults of ours. */
const UNAVAILABLE = /^SQLITE_(BUSY|LOCKED|IOERR|CANTOPEN|READONLY|NOMEM|PROTOCOL|INTERRUPT)/

/** The driver's error in our terms: 503 while the file can't be used, 507 when it can't grow. */
export function translateSqliteError(error: unknown): unknown {
  const cause = driverError(error)
  if (cause instanceof ServiceError || !isSqliteError(cause)) return cause
  if (FULL.test(cause.code)) return errors.storageFull(cause)
  if (UNAVAILABLE.test(cause.code) || cause.message === MOVED_AWAY) return errors.unavailable(cause)
  return cause
}

/** Runs a query outside of transactions. @throws as `translateSqliteError` has it */
export async function read<T>(query: () => T): Promise<T> {
  try {
    return query()
  } catch (error) {
    throw translateSqliteError(error)
  }
}
