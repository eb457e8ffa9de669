import pg from 'pg'
import { errorCode } from '../../error-code.ts'
import { errors, ServiceError } from '../../errors.ts'

/** The SQLSTATE of what the server refused: https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const sqlState = (error: unknown): string =>
  error instanceof pg.DatabaseError && error.code !== undefined ? error.code : ''

export const isUniqueViolation = (error: unknown): boolean => sqlState(error) === '23505'

export const isForeignKeyViolation = (error: unknown): boolean => sqlState(error) === '23503'

/** Of two units that each wait for the other one is undone whole, and may be tried again. */
export const isUndone = (error: unknown): boolean => /^40(001|P01)$/.test(sqlState(error))

/** A prepared statement that the server has forgotten, or that a new schema has overtaken. Nothing of it was done. */
export const isOutdated = (error: unknown): boolean =>
  sqlState(error) === '26000' || (sqlState(error) === '0A000' && /cached plan/.test(String(error)))

/**
 * Whether a connection is of no more use: it is lost or silent, its server ends it, or became a replica that takes no
 * writes while another one does; or its prepared statements are out of date.
 */
export const endsConnection = (error: unknown): boolean =>
  isOutdated(error) ||
  (sqlState(error) === '' ? !(error instanceof ServiceError) : ENDS.test(sqlState(error)))

const ENDS = /^(08|57P|25P|25006|53300|58|XX)/

/**
 * What of the server's refusals passes by itself or by an operator's hand; the rest are faults of ours: connections (08), a
 * replica (25006), timeouts of transactions (25P), who may come in (28), the database (3D000), units undone (40), rights
 * (42501), resources (53), locks (55P03), statements forgotten (26000), shutdowns and timeouts of statements (57), the
 * system (58).
 */
const UNAVAILABLE = /^(08|25006|25P|26000|28|3D000|40|42501|53|55P03|57|58)/

const DISK_FULL = '53100'

/** Of the driver's own errors only their texts tell them from faults of ours. */
const LOST = /terminated|timeout|not queryable|closed|SSL|Cannot use a pool/i

/** Codes of the system and of TLS; others that begin so are Node's word for arguments that make no sense. */
const SYSTEM = /^(?!ERR_(?!SSL|TLS|SOCKET|STREAM)).+/

/** The driver's error in our terms: 503 while the server can't be used, 507 when it can't grow. */
export function translatePostgresError(error: unknown): unknown {
  if (error instanceof ServiceError) return error
  // Rows and keys, hashes of passwords among them, which no log may have.
  if (error instanceof pg.DatabaseError) for (const name of ['detail', 'where'] as const) delete error[name]
  const state = sqlState(error)
  if (state === DISK_FULL) return errors.storageFull(error)
  if (state !== '') return UNAVAILABLE.test(state) ? errors.unavailable(error) : error
  const isLost = SYSTEM.test(errorCode(error)) || (error instanceof Error && LOST.test(error.message))
  return isLost ? errors.unavailable(error) : error
}
