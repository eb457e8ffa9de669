import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readSettings } from '../../config.ts'
import { Refusal, runCommand, UsageError } from '../command.ts'
import { type LocalSettings, onOneMachine } from '../one-machine.ts'
import { untilStopped } from '../until-stopped.ts'
import { explainFailure } from './explain-failure.ts'
import { makeBackup } from './make-backup.ts'
import { describeBackup } from './report-backup.ts'

const USAGE = `fastify-user-profile backup FOLDER [options]

Copies the users in DATABASE_URL and their pictures in MEDIA_ROOT into a new or empty folder, all as they were at one
instant. It may run while the service does. "restore" puts them back, and "restore --verify" says whether it could.

  --without-secret  without the key of tokens that the service has made, where JWT_SECRET is unset: after a restore
                    people then have to sign in again
  --json            the summary as a JSON object
  --help            this

The folder holds password hashes and, unless left out, that key: it is its owner's alone.

  fastify-user-profile backup backups/$(date +%F)

Exit code: 0 it is made; 1 there is something in the folder; 2 it could not be made, and nothing is left of it.
`

/** `fastify-user-profile backup`: answers its exit code. */
export const runBackup = (args: string[]): Promise<number> => runCommand(USAGE, args, () => backUp(args))

async function backUp(args: string[]): Promise<void> {
  const flag = { type: 'boolean', default: false } as const
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { 'without-secret': flag, json: flag }
  })
  const [folder, ...more] = positionals
  if (!folder || more.length > 0) throw new UsageError('backup takes the path of one folder.')
  const settings = onOneMachine(readSettings(), INSTEAD)
  refuseAbsent(settings)
  const path = resolve(folder)
  try {
    const made = await untilStopped((signal) =>
      makeBackup({ settings, folder: path, withSecret: !values['without-secret'], signal })
    )
    process.stdout.write(describeBackup(made, values))
  } catch (error) {
    throw explainFailure(error, { settings, folder: path, what: 'nothing is left of the backup' })
  }
}

const INSTEAD = {
  database: 'pg_dump backs up PostgreSQL',
  pictures: 'a bucket is backed up by its own server’s versions and copies'
}

function refuseAbsent({ databasePath, mediaRoot }: LocalSettings): void {
  const absent = [databasePath, `${mediaRoot}/avatars`].find((path) => !existsSync(path))
  // Backing up an empty folder in the place of one that is not mounted would be no help.
  if (absent !== undefined) throw new Refusal(`There is nothing to back up: ${absent} does not exist.`, 2)
}
