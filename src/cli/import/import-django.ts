import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { systemClock } from '../../clock.ts'
import { readSettings } from '../../config.ts'
import { ConfigError, reasonOf } from '../../config-error.ts'
import type { DjangoSource, UserTable } from '../../django/django-source.ts'
import { findUserTable } from '../../django/find-user-table.ts'
import { noCounts } from '../../django/findings.ts'
import { runImport } from '../../django/run-import.ts'
import { createDiskPictureTaker } from '../../stores/disk/disk-picture-taker.ts'
import {
  openDjangoSource,
  readLocation,
  type SourceLocation
} from '../../stores/django/open-django-source.ts'
import { openSqliteImportStore } from '../../stores/sqlite/open-import-store.ts'
import { copyDatabase } from '../../stores/sqlite/private-copy.ts'
import { type LocalSettings, onOneMachine } from '../one-machine.ts'
import { untilStopped } from '../until-stopped.ts'
import { type ImportOptions, readOptions } from './import-options.ts'
import { createProgress } from './import-progress.ts'
import { makeRecord } from './import-record.ts'
import { type ImportReport, openReport } from './import-report.ts'
import { summarise } from './import-summary.ts'
import { nameImportError } from './name-import-error.ts'

interface Work {
  settings: LocalSettings
  options: ImportOptions
  location: SourceLocation
  source: DjangoSource
  table: UserTable
  signal: AbortSignal
}

/**
 * `fastify-user-profile import-django`: runs it with its arguments and answers its exit code.
 * @throws {ConfigError} what keeps it from importing; then nobody was imported
 */
export async function runImportDjango(args: string[]): Promise<number> {
  const options = readOptions(args)
  if (typeof options === 'number') return options
  const settings = onOneMachine(readSettings(), INSTEAD)
  const location = readLocation(options.database)
  try {
    if (location.kind === 'sqlite') await refuseItself(location.address, settings.databasePath)
    return await untilStopped((signal) => openAndImport(settings, options, location, signal))
  } catch (error) {
    throw nameImportError(error, settings, options)
  }
}

async function openAndImport(
  settings: LocalSettings,
  options: ImportOptions,
  location: SourceLocation,
  signal: AbortSignal
): Promise<number> {
  const source = await openDjangoSource(location)
  try {
    const table = findUserTable(await source.listTables(), options)
    if (options.media === undefined && !options.dropMedia && (await source.hasAvatars(table)))
      throw new ConfigError('--media', 'is missing, and users have pictures; --no-media leaves them behind')
    const report = openReport(process.stdout, options.report)
    try {
      return await importInto({ settings, options, location, source, table, signal }, report)
    } finally {
      report.close()
    }
  } finally {
    await source.close()
  }
}

async function importInto(work: Work, report: ImportReport): Promise<number> {
  const { settings, options, location, source, table, signal } = work
  const { dryRun, media } = options
  const began = performance.now()
  const copy = dryRun ? await copyDatabase(settings.databasePath) : undefined
  const progress = createProgress(process.stderr)
  try {
    const to = join(settings.mediaRoot, 'avatars')
    const pictures =
      media === undefined ? undefined : await createDiskPictureTaker({ from: media, to, dryRun })
    const store = openSqliteImportStore({ path: copy?.path ?? settings.databasePath })
    const counts = noCounts()
    const summary = () =>
      summarise({
        counts,
        findings: report.counts(),
        database: location.label,
        table,
        dryRun,
        seconds: (performance.now() - began) / 1000
      })
    try {
      await runImport({
        source,
        table,
        store,
        pictures,
        startedAt: systemClock.now(),
        signal,
        counts,
        report: report.finding,
        record: () => (dryRun ? undefined : makeRecord(summary(), report.first(), systemClock.now())),
        progress: progress.update
      })
    } finally {
      await store.close()
      progress.end()
    }
    try {
      report.end(summary())
    } catch (error) {
      // Too late to fail: what is committed stays.
      const state = dryRun ? 'nothing was changed' : 'all of that is in place'
      process.stderr.write(`The report is not whole: ${reasonOf(error)}; ${state}\n`)
    }
    return counts.users.left_out > 0 ? 1 : 0
  } finally {
    copy?.remove()
  }
}

const INSTEAD = {
  database: 'import into a file, and move it to PostgreSQL by "migrate-store"',
  pictures: 'import into a folder, and move it to a bucket by "migrate-store"'
}

/** Ours has a table that looks like Django's. */
async function refuseItself(theirs: string, ours: string): Promise<void> {
  const [source, target] = await Promise.all(
    [theirs, ours].map((path) => stat(resolve(path)).catch(() => undefined))
  )
  if (source && target && source.ino === target.ino && source.dev === target.dev)
    throw new ConfigError('--database', `${theirs} is the service's own, DATABASE_URL`)
}
