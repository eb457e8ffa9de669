import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { MediaStore } from '../../avatars/media-store.ts'
import { readSettings, readSettingsWith, type Settings } from '../../config.ts'
import { ConfigError } from '../../config-error.ts'
import { errorCode } from '../../error-code.ts'
import type { MigrationSource, MigrationTarget } from '../../migration/row-stores.ts'
import { openMedia } from '../../open-stores.ts'
import type { DatabaseSetting, MediaSetting } from '../../store-settings.ts'
import { openSqliteSource } from '../../stores/sqlite/migration-source.ts'
import { openSqliteTarget } from '../../stores/sqlite/migration-target.ts'
import { Refusal, UsageError } from '../command.ts'
import type { MigrateOptions } from './migrate-options.ts'

/** What is moved, from where to where. */
export interface Sides {
  from: DatabaseSetting
  /** Undefined where rows stay where they are. */
  to: DatabaseSetting | undefined
  media: { from: MediaSetting; to: MediaSetting } | undefined
}

/**
 * The service's own settings. What is about a bucket makes sense to it only where its pictures are in one; here they may be on
 * their way to it.
 * @throws {ConfigError}
 */
export function readOwnSettings({ media, mediaTo }: MigrateOptions): Settings {
  const bucket = bucketOf({ media, mediaTo })
  try {
    return readSettings()
  } catch (error) {
    if (!(error instanceof ConfigError) || bucket === undefined) throw error
    const settings = readSettingsWith({ MEDIA_STORE: bucket })
    return { ...settings, mediaStore: { kind: 'disk', folder: join(settings.mediaRoot, 'avatars') } }
  }
}

const isBucket = (place: string) => place.startsWith('s3:')

const bucketOf = ({ media, mediaTo }: Pick<MigrateOptions, 'media' | 'mediaTo'>) =>
  [media, mediaTo].find((place) => place !== undefined && isBucket(place))

/** @throws {ConfigError} {UsageError} {Refusal} */
export function readSides(options: MigrateOptions, settings: Settings): Sides {
  const from = options.from === undefined ? settings.database : databaseOf(options.from, options)
  const to = options.to === undefined ? undefined : databaseOf(options.to, options)
  for (const one of [from, to])
    if (one?.kind === 'sqlite' && one.path === ':memory:')
      throw new UsageError('A database in memory belongs to the service alone.')
  if (from.kind === 'sqlite' && !existsSync(from.path))
    throw new Refusal(`There is nothing to move: ${from.path} does not exist.`, 2)
  if (to?.kind === from.kind)
    throw new UsageError(
      to.kind === 'sqlite'
        ? 'Both are SQLite files: "backup" and "restore" move one to another place.'
        : 'Both are PostgreSQL databases: pg_dump and pg_restore move one to another server.'
    )
  if (options.mediaTo === undefined) return { from, to, media: undefined }
  const media = {
    from: options.media === undefined ? settings.mediaStore : mediaOf(options.media),
    to: mediaOf(options.mediaTo)
  }
  if (JSON.stringify(media.from) === JSON.stringify(media.to))
    throw new UsageError('The pictures are there already: --media-to is the place that they are in.')
  if (media.from.kind === 'disk' && !existsSync(media.from.folder))
    throw new Refusal(`There are no pictures to move: ${media.from.folder} does not exist.`, 2)
  return { from, to, media }
}

function databaseOf(url: string, options: MigrateOptions): DatabaseSetting {
  const bucket = bucketOf(options)
  return readSettingsWith({ DATABASE_URL: url, ...(bucket !== undefined && { MEDIA_STORE: bucket }) })
    .database
}

function mediaOf(place: string): MediaSetting {
  if (isBucket(place)) return readSettingsWith({ MEDIA_STORE: place }).mediaStore
  return { kind: 'disk', folder: join(resolve(place), 'avatars') }
}

/** @throws {MigrationRefused} and what the system refuses */
export async function openSource(database: DatabaseSetting): Promise<MigrationSource> {
  if (database.kind === 'sqlite') return openSqliteSource(database.path)
  const { openPostgresSource } = await withDriver(() => import('../../stores/postgres/migration-source.ts'))
  return openPostgresSource(database.url)
}

/** @throws {MigrationRefused} and what the system refuses */
export async function openTarget(database: DatabaseSetting): Promise<MigrationTarget> {
  if (database.kind === 'sqlite') return openSqliteTarget(database.path)
  const { openPostgresTarget } = await withDriver(() => import('../../stores/postgres/migration-target.ts'))
  return openPostgresTarget(database.url)
}

async function withDriver<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new Refusal('PostgreSQL needs the package pg, which is not installed: npm install pg', 2)
  }
}

export async function openBothMedia(
  media: NonNullable<Sides['media']>
): Promise<{ from: MediaStore; to: MediaStore }> {
  return { from: await openMedia(media.from), to: await openMedia(media.to) }
}
