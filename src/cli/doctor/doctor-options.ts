import { parseArgs } from 'node:util'
import { reasonOf } from '../../config-error.ts'

const USAGE = `fastify-user-profile doctor [options]

Compares the pictures in MEDIA_ROOT, or MEDIA_STORE, with the users in DATABASE_URL. It may run while the service does.

  --fix            deletes pictures that no user refers to and uploads that nobody will finish, and takes away
                   avatars whose picture is missing
  --grace SECONDS  age from which a picture without a user is wrong (MEDIA_SWEEP_GRACE). 0 says that the service is
                   stopped: then no upload will be finished either
  --force          with --fix, even where most pictures are missing, or none is any user's
  --json           one JSON object a line
  --help           this

Exit code: 0 nothing is wrong, or all was mended; 1 something is wrong; 2 it could not look.
`

export interface DoctorOptions {
  fix: boolean
  force: boolean
  json: boolean
  /** Undefined: as the service has it. */
  graceMs: number | undefined
}

/** The options, or the exit code where they ask for no work. */
export function readOptions(args: string[]): DoctorOptions | number {
  try {
    const { values } = parseArgs({
      args,
      options: {
        fix: { type: 'boolean', default: false },
        force: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        grace: { type: 'string' },
        help: { type: 'boolean', default: false, short: 'h' }
      }
    })
    if (values.help) {
      process.stdout.write(USAGE)
      return 0
    }
    const { fix, force, json, grace } = values
    if (grace !== undefined && !/^\d{1,9}$/.test(grace))
      throw new Error('--grace takes a whole number of seconds')
    return { fix, force, json, graceMs: grace === undefined ? undefined : Number(grace) * 1000 }
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n\n${USAGE}`)
    return 2
  }
}
