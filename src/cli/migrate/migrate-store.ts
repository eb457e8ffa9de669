import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Settings } from '../../config.ts'
import { MigrationRefused } from '../../migration/migration-refused.ts'
import { createPictureMover, type PictureMover } from '../../migration/move-pictures.ts'
import type { MigrationSource, MigrationTarget } from '../../migration/row-stores.ts'
import { type MigrationOutcome, type MigrationPhase, runMigration } from '../../migration/run-migration.ts'
import { verifyMigration } from '../../migration/verify-migration.ts'
import type { DatabaseSetting } from '../../store-settings.ts'
import { openKeyList } from '../../stores/sqlite/key-list.ts'
import { explainFailure } from '../backup/explain-failure.ts'
import { Refusal, runCommand } from '../command.ts'
import { createPhaseProgress, type PhaseProgress } from '../phase-progress.ts'
import { printable } from '../printable.ts'
import { untilStopped } from '../until-stopped.ts'
import { type MigrateOptions, readOptions, USAGE } from './migrate-options.ts'
import {
  openBothMedia,
  openSource,
  openTarget,
  readOwnSettings,
  readSides,
  type Sides
} from './open-sides.ts'
import {
  describeMigration,
  describeMovedPictures,
  describeVerification,
  isVerified
} from './report-migration.ts'

const PHASES: Record<MigrationPhase, string> = {
  rows: 'Moving rows',
  pictures: 'Moving pictures',
  'last-rows': 'Moving what is new, without writes',
  'last-pictures': 'Moving new pictures, without writes',
  verify: 'Verifying, without writes'
}

interface Work {
  options: MigrateOptions
  sides: Sides
  signal: AbortSignal
  progress: PhaseProgress<MigrationPhase>
}

/** `fastify-user-profile migrate-store`: answers its exit code. */
export const runMigrateStore = (args: string[]): Promise<number> =>
  runCommand(USAGE, args, () => migrate(args))

async function migrate(args: string[]): Promise<void> {
  const options = readOptions(args)
  const settings = readOwnSettings(options)
  const sides = readSides(options, settings)
  const progress = createPhaseProgress(PHASES, process.stderr)
  try {
    await untilStopped((signal) => proceed({ options, sides, signal, progress }))
  } catch (error) {
    progress.end()
    throw explain(error, settings)
  } finally {
    progress.end()
  }
}

const GOES_ON = 'run it again to go on'

function explain(error: unknown, settings: Settings): unknown {
  if (error instanceof MigrationRefused) return new Refusal(printable(error.message), error.exitCode)
  return explainFailure(error, { settings, folder: '', what: GOES_ON })
}

async function proceed(work: Work): Promise<void> {
  const { options, sides, progress } = work
  if (options.reopen) return reopen(sides)
  const moved = openKeyList()
  const media = sides.media && (await openBothMedia(sides.media))
  const pictures =
    media &&
    createPictureMover({
      ...media,
      moved,
      verifyOnly: options.verify,
      onPicture: (count) => progress.update('pictures', count, 0)
    })
  try {
    if (!sides.to) await movePicturesOnly(work, pictures)
    else if (options.verify) await verify(work, pictures)
    else await moveAll(work, pictures)
  } finally {
    moved.close()
    await Promise.all([media?.from.close?.(), media?.to.close?.()])
  }
}

async function moveAll(work: Work, pictures: PictureMover | undefined): Promise<void> {
  const { options, sides, signal, progress } = work
  await withBoth(sides, async ({ source, target, secondsSince, circumstances }) => {
    const outcome = await runMigration({
      source,
      target,
      pictures,
      ahead: options.ahead,
      openKeyList,
      signal,
      onProgress: progress.update
    })
    progress.end()
    process.stdout.write(
      describeMigration(outcome, { ...circumstances, json: options.json, seconds: secondsSince() })
    )
    const sentence = REFUSALS[outcome.state]
    if (sentence !== undefined) throw new Refusal(sentence)
  })
}

const REFUSALS: Partial<Record<MigrationOutcome['state'], string>> = {
  unfit: 'Some rows can’t be moved.',
  different: 'What was written reads otherwise.'
}

async function verify(work: Work, pictures: PictureMover | undefined): Promise<void> {
  const { options, sides, signal, progress } = work
  if (sides.to?.kind === 'sqlite' && !existsSync(sides.to.path))
    throw new Refusal(`There is nothing to compare with: ${sides.to.path} does not exist.`, 2)
  await withBoth(sides, async ({ source, target, secondsSince, circumstances }) => {
    const onRows = (done: number) => progress.update('verify', done, 0)
    const tables = await verifyMigration({ source, target, pictures, signal, onRows })
    progress.end()
    const counts = pictures?.counts()
    process.stdout.write(
      describeVerification(tables, counts, { ...circumstances, json: options.json, seconds: secondsSince() })
    )
    if (!isVerified(tables, counts)) throw new Refusal('They differ.')
  })
}

/** Pictures that rows name, where the rows stay where they are. */
async function movePicturesOnly(
  { options, sides, signal, progress }: Work,
  pictures: PictureMover | undefined
): Promise<void> {
  if (!pictures) return
  const began = performance.now()
  const source = await openSource(sides.from)
  try {
    const view = await source.openView()
    try {
      await pictures.move(view.readAvatars(), signal)
    } finally {
      await view.close()
    }
  } finally {
    await source.close()
  }
  progress.end()
  const seconds = (performance.now() - began) / 1000
  process.stdout.write(describeMovedPictures(pictures.counts(), seconds, options.json))
  if (pictures.counts().differing > 0) throw new Refusal('They differ.')
}

async function reopen({ from }: Sides): Promise<void> {
  const source = await openSource(from)
  try {
    const isOpen = await source.unseal()
    const state = isOpen ? 'takes writes again' : 'was not moved: it takes writes'
    process.stdout.write(`${printable(source.label)} ${state}.\n`)
  } finally {
    await source.close()
  }
}

interface Both {
  source: MigrationSource
  target: MigrationTarget
  secondsSince(): number
  circumstances: { from: string; to: string; secretFile: string | undefined }
}

async function withBoth({ from, to }: Sides, work: (both: Both) => Promise<void>): Promise<void> {
  if (!to) throw new Error('nowhere to move to')
  const began = performance.now()
  const source = await openSource(from)
  try {
    const target = await openTarget(to)
    try {
      await work({
        source,
        target,
        secondsSince: () => (performance.now() - began) / 1000,
        circumstances: { from: source.label, to: target.label, secretFile: secretBeside(from) }
      })
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** The key of tokens that the service made itself, which stays where it is. */
function secretBeside(from: DatabaseSetting): string | undefined {
  const path = from.kind === 'sqlite' ? join(dirname(from.path), 'jwt-secret') : ''
  return path !== '' && existsSync(path) ? path : undefined
}
