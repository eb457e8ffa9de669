import { dirname } from 'node:path'
import type { Config } from '../config.ts'
import { ConfigError, reasonOf } from '../config-error.ts'
import { ServiceError } from '../errors.ts'
import { METRICS_LISTENER } from '../metrics-setting.ts'
import { StoreRefused } from '../store-refused.ts'

/** What the system or a server refuses, with the setting that asked for it in front; other errors as they are. */
export function nameSetting(
  error: unknown,
  { database, mediaRoot }: Pick<Config, 'database' | 'mediaRoot'>
): unknown {
  // What stores throw says nothing to clients; its cause says why.
  const cause = error instanceof ServiceError ? (error.cause ?? error) : error
  if (!(cause instanceof Error)) return cause
  if (cause instanceof StoreRefused) return new ConfigError(cause.setting, cause.message)
  const { syscall, path = '' }: NodeJS.ErrnoException = cause
  if (Reflect.get(cause, 'listener') === METRICS_LISTENER)
    return new ConfigError('METRICS_HOST, METRICS_PORT', reasonOf(cause))
  if (syscall === 'listen') return new ConfigError('HOST, PORT', reasonOf(cause))
  if (syscall === 'getaddrinfo') return new ConfigError('HOST', reasonOf(cause))
  if (path.startsWith(mediaRoot)) return new ConfigError('MEDIA_ROOT', reasonOf(cause))
  if (database.kind !== 'sqlite') return cause
  const isDatabase = path.startsWith(dirname(database.path)) || cause.name === 'SqliteError'
  return isDatabase ? new ConfigError('DATABASE_URL', `${database.path}: ${reasonOf(cause)}`) : cause
}
