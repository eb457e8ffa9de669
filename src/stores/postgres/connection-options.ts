import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { ClientConfig } from 'pg'
import { reasonOf } from '../../config-error.ts'
import { StoreRefused } from '../../store-refused.ts'

export interface ConnectionSettings {
  /** With user, password, database and, as libpq has them, `sslmode` and its kin. */
  url: string
  connectTimeoutMs: number
  statementTimeoutMs: number
}

/** Silent connections are looked after from then on. */
const KEEP_ALIVE_MS = 10_000

/** The server ends what takes too long; where it says nothing at all, we do so much later. */
const BEYOND_SERVER_MS = 1000

/** What the driver is told. @throws {StoreRefused} */
export function connectionOptions(settings: ConnectionSettings): ClientConfig {
  const { url, connectTimeoutMs, statementTimeoutMs } = settings
  const { bare, tls } = splitTls(url)
  const ssl = tlsOptions(tls)
  return {
    connectionString: bare,
    ...(ssl !== undefined && { ssl }),
    fallback_application_name: 'fastify-user-profile',
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: statementTimeoutMs,
    // A node that is gone without a word keeps no rows locked.
    idle_in_transaction_session_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + BEYOND_SERVER_MS
  }
}

/** Takes what is about TLS out of a URL: the driver has meanings of its own for it. */
function splitTls(url: string): { bare: string; tls: URLSearchParams } {
  const [address = '', query = ''] = url.split('?', 2)
  const others = new URLSearchParams()
  const tls = new URLSearchParams()
  for (const [name, value] of new URLSearchParams(query))
    (name.startsWith('ssl') && name !== 'sslnegotiation' ? tls : others).append(name, value)
  return { bare: others.size > 0 ? `${address}?${others}` : address, tls }
}

const NAMES = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey']
const MODES = ['disable', 'require', 'verify-ca', 'verify-full']

/**
 * As libpq means them (https://www.postgresql.org/docs/current/libpq-ssl.html): `require` encrypts and, with a root
 * certificate, checks it; `verify-ca` checks who signed the server's certificate, `verify-full` its name as well. Without a
 * root certificate `verify-full` asks for one that the world trusts. The modes that may go on in plain text are refused.
 * @returns undefined where nothing is said: then `PGSSLMODE` decides
 */
function tlsOptions(given: URLSearchParams): false | ConnectionOptions | undefined {
  if (given.size === 0) return undefined
  const unknown = [...given.keys()].find((name) => !NAMES.includes(name))
  if (unknown !== undefined) throw refuse(`knows no ${unknown}; expected ${NAMES.join(', ')}`)
  const mode = given.get('sslmode') ?? 'verify-full'
  if (!MODES.includes(mode)) throw refuse(`expected sslmode=${MODES.join('|')}, not "${mode}"`)
  if (mode === 'disable') return false
  const rootFile = given.get('sslrootcert')
  const isSystem = rootFile === null || rootFile === 'system'
  if (mode === 'verify-ca' && isSystem)
    throw refuse(
      'sslmode=verify-ca needs sslrootcert, or everybody could sign; sslmode=verify-full may do without'
    )
  const files = {
    ...(!isSystem && { ca: readPem('sslrootcert', rootFile) }),
    ...readClientFiles(given.get('sslcert'), given.get('sslkey'))
  }
  if (mode === 'verify-full') return files
  // `require` with a root certificate is as strict as `verify-ca`.
  return isSystem
    ? { ...files, rejectUnauthorized: false }
    : { ...files, checkServerIdentity: () => undefined }
}

function readClientFiles(certificate: string | null, key: string | null): { cert?: string; key?: string } {
  if (certificate === null && key === null) return {}
  if (certificate === null || key === null) throw refuse('sslcert and sslkey only go together')
  return { cert: readPem('sslcert', certificate), key: readPem('sslkey', key) }
}

function readPem(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw refuse(`${name}: ${reasonOf(error)}`)
  }
}

const refuse = (sentence: string) => new StoreRefused('DATABASE_URL', sentence)
