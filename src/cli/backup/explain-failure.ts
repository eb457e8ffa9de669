import type { Settings } from '../../config.ts'
import { ConfigError, reasonOf } from '../../config-error.ts'
import { errorCode } from '../../error-code.ts'
import { Refusal } from '../command.ts'
import { nameSetting } from '../name-setting.ts'
import { printable } from '../printable.ts'
import { StoppedError } from '../until-stopped.ts'

interface Circumstances {
  settings: Settings
  /** The backup's. */
  folder: string
  /** How things stand, such as `nothing is left of the backup`. */
  what: string
}

/** What kept a backup or its restoration from its end, as a sentence; what is no system's refusal as it is. */
export function explainFailure(error: unknown, { settings, folder, what }: Circumstances): unknown {
  if (error instanceof Refusal || error instanceof ConfigError) return error
  if (error instanceof StoppedError) return new Refusal(`It was ${error.message}; ${what}.`, 2)
  if (isOf(error, folder)) return new Refusal(`${printable(folder)}: ${reasonOf(error)}; ${what}.`, 2)
  const named = nameSetting(error, settings)
  if (named instanceof ConfigError) return new Refusal(`${named.message}; ${what}.`, 2)
  // Writes by a descriptor don't say where: a full disk, or one that is broken.
  return errorCode(named).startsWith('E') ? new Refusal(`${reasonOf(named)}; ${what}.`, 2) : named
}

function isOf(error: unknown, folder: string): boolean {
  if (!(error instanceof Error)) return false
  const { path = '' }: NodeJS.ErrnoException = error
  return path === folder || path.startsWith(`${folder}/`)
}
