import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readSettings } from '../../config.ts'
import { explainFailure } from '../backup/explain-failure.ts'
import type { ManifestHead } from '../backup/manifest.ts'
import { Refusal, runCommand, UsageError } from '../command.ts'
import { type LocalSettings, onOneMachine } from '../one-machine.ts'
import { openProgressLine, type ProgressLine } from '../progress-line.ts'
import { untilStopped } from '../until-stopped.ts'
import { type ListedFiles, openListedFiles } from './listed-files.ts'
import { describeDamage, describeRestored, describeWhole } from './report-restore.ts'
import { refusePresent, restoreInto } from './restore-into.ts'
import { verifyBackup } from './verify-backup.ts'

const USAGE = `fastify-user-profile restore FOLDER [options]

Puts the backup in FOLDER in place: users into DATABASE_URL, their pictures into MEDIA_ROOT. First all of it is checked,
and nothing is restored of one that is damaged. The service has to be stopped.

  --verify   only checks it, and names each damage
  --replace  in the place of the users and pictures that are there, which are gone then
  --json     the outcome as a JSON object
  --help     this

Where it fails or is ended, all is as it was.

  fastify-user-profile restore --verify backups/2026-01-31

Exit code: 0 it is restored, or whole; 1 it is damaged, or something is in its place; 2 it could not be done.
`

interface Choice {
  verify: boolean
  replace: boolean
  json: boolean
}

interface Work {
  folder: string
  choice: Choice
  listed: ListedFiles
  progress: ProgressLine
}

/** `fastify-user-profile restore`: answers its exit code. */
export const runRestore = (args: string[]): Promise<number> => runCommand(USAGE, args, () => restore(args))

async function restore(args: string[]): Promise<void> {
  const flag = { type: 'boolean', default: false } as const
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { verify: flag, replace: flag, json: flag }
  })
  const [named, ...more] = positionals
  if (!named || more.length > 0) throw new UsageError('restore takes the path of one folder.')
  if (values.verify && values.replace) throw new UsageError('--verify and --replace exclude each other.')
  const settings = readSettings()
  const target = values.verify ? undefined : onOneMachine(settings, INSTEAD)
  const folder = resolve(named)
  const listed = openListedFiles()
  const progress = openProgressLine(process.stderr)
  try {
    await untilStopped((signal) => proceed({ folder, choice: values, listed, progress }, target, signal))
  } catch (error) {
    const what = values.verify ? 'the backup was not checked to its end' : 'nothing was restored'
    throw explainFailure(error, { settings, folder, what })
  } finally {
    progress.end()
    listed.close()
  }
}

const INSTEAD = {
  database: 'restore into a file, and move it to PostgreSQL by "migrate-store"',
  pictures: 'restore into a folder, and move it to a bucket by "migrate-store"'
}

/** @param target undefined where the backup is only checked */
async function proceed(work: Work, target: LocalSettings | undefined, signal: AbortSignal): Promise<void> {
  const { folder, choice, listed, progress } = work
  const began = performance.now()
  // That is known at once, and the rest takes a while.
  if (target) refusePresent(target.databasePath, choice.replace)
  const head = await verify(work, signal)
  if (!target) {
    progress.end()
    process.stdout.write(describeWhole(folder, head, choice))
    return
  }
  const { replace } = choice
  const restored = await restoreInto({ settings: target, folder, listed, replace, signal, progress })
  progress.end()
  const seconds = (performance.now() - began) / 1000
  process.stdout.write(describeRestored({ folder, head, restored, settings: target, seconds }, choice))
}

/** @throws {Refusal} where it is damaged, after each damage was told */
async function verify(
  { folder, choice, listed, progress }: Work,
  signal: AbortSignal
): Promise<ManifestHead> {
  const damages: string[] = []
  const onDamage = (sentence: string) => {
    progress.end()
    if (choice.json) damages.push(sentence)
    else process.stderr.write(`${sentence}\n`)
  }
  const head = await verifyBackup({ folder, listed, signal, progress, onDamage })
  if (head) return head
  if (choice.json) process.stdout.write(describeDamage(folder, damages))
  throw new Refusal(choice.verify ? 'The backup is damaged.' : 'The backup is damaged; nothing was restored.')
}
