import type { Settings } from '../config.ts'
import { ConfigError } from '../config-error.ts'

/** Settings of a service that keeps everything in files here. */
export interface LocalSettings extends Settings {
  databasePath: string
}

/**
 * The settings for a command that works with those files.
 * @param instead what does the same for a server
 * @throws {ConfigError} where rows or pictures are on a server, or in memory
 */
export function onOneMachine(
  settings: Settings,
  instead: { database: string; pictures: string }
): LocalSettings {
  const { database, mediaStore } = settings
  if (database.kind !== 'sqlite')
    throw new ConfigError('DATABASE_URL', `has to be a file here; ${instead.database}`)
  if (database.path === ':memory:')
    throw new ConfigError('DATABASE_URL', 'a database in memory belongs to the service alone')
  if (mediaStore.kind !== 'disk')
    throw new ConfigError('MEDIA_STORE', `has to be unset, for pictures in a folder; ${instead.pictures}`)
  return { ...settings, databasePath: database.path }
}
