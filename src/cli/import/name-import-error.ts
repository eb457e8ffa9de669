import { resolve, sep } from 'node:path'
import type { Settings } from '../../config.ts'
import { ConfigError, reasonOf } from '../../config-error.ts'
import { SourceError } from '../../django/django-source.ts'
import { ServiceError } from '../../errors.ts'
import { nameSetting } from '../name-setting.ts'
import { printable } from '../printable.ts'
import { StoppedError } from '../until-stopped.ts'
import type { ImportOptions } from './import-options.ts'

/** What keeps an import from its end, with the option or the setting that it is about. */
export function nameImportError(error: unknown, settings: Settings, options: ImportOptions): unknown {
  const nothing = 'nobody was imported'
  if (error instanceof StoppedError) return new ConfigError(error.message, nothing)
  // It can hold names of tables and what a server says.
  if (error instanceof SourceError) return new ConfigError('--database', printable(error.message))
  const cause = error instanceof ServiceError ? (error.cause ?? error) : error
  // Of a copy that failed, the place it was going to.
  const { path = '', dest = path } = pathsOf(cause)
  if (isWithin(dest, settings.mediaRoot))
    return new ConfigError('MEDIA_ROOT', `${reasonOf(cause)}; ${nothing}`)
  if (isWithin(path, options.report)) return new ConfigError('--report', reasonOf(cause))
  if (isWithin(path, options.media)) return new ConfigError('--media', `${reasonOf(cause)}; ${nothing}`)
  return nameSetting(cause, settings)
}

function isWithin(path: string, folder: string | undefined): boolean {
  if (folder === undefined || path === '') return false
  const [inner, outer] = [resolve(path), resolve(folder)]
  return inner === outer || inner.startsWith(outer + sep)
}

function pathsOf(error: unknown): { path?: string; dest?: string } {
  if (!(error instanceof Error)) return {}
  const { path, dest }: NodeJS.ErrnoException & { dest?: string } = error
  return { ...(path !== undefined && { path }), ...(dest !== undefined && { dest }) }
}
