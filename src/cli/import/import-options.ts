import { parseArgs } from 'node:util'
import { reasonOf } from '../../config-error.ts'
import { USER_FIELDS, type UserField } from '../../django/user-fields.ts'

const USAGE = `fastify-user-profile import-django --database FILE|URL --media FOLDER [options]

Takes over the users of a Django REST Framework and SimpleJWT deployment, with their ids, passwords, pictures and
refresh tokens, into DATABASE_URL and MEDIA_ROOT. Nothing there is changed. Stop the service meanwhile, or import before
its first start. With Django's SECRET_KEY for JWT_SECRET nobody has to sign in again.

  --database FILE|URL    Django's SQLite file, or postgres://user:password@host/database (PGPASSWORD works too)
  --media FOLDER         Django's MEDIA_ROOT. Pictures are copied and keep their paths
  --no-media             without the pictures: nobody gets an avatar from there
  --table NAME           the table of users, where it is not found by its columns; of PostgreSQL also SCHEMA.NAME
  --column OURS=THEIRS   which column is which, where names differ; may be given several times. Ours are
                         id, username, email, password, first_name, last_name, number_phone, avatar, is_active,
                         is_staff, is_superuser, date_joined, last_login
  --dry-run              the same on a copy that is thrown away: what would come of it
  --report FILE          every finding as a JSON object a line, then a summary; - is the standard output. A file that
                         holds anything but a report is refused
  --help                 this

It can be repeated, such as the day before and at the move itself: what changed in Django since is taken over, what
changed here stays. All users come in at once, or none where it fails.

  fastify-user-profile import-django --database db.sqlite3 --media media --dry-run
  fastify-user-profile import-django --database postgres://app@localhost/app --media /srv/media --column avatar=photo

Exit code: 0 all users are in; 1 some were left out, the rest is in; 2 it could not be done, and nobody is in.
`

export interface ImportOptions {
  database: string
  /** Undefined: avatars are dropped, or there are none. */
  media: string | undefined
  dropMedia: boolean
  table: string | undefined
  columns: ReadonlyMap<'id' | UserField, string>
  dryRun: boolean
  report: string | undefined
}

/** The options, or the exit code where they ask for no work. */
export function readOptions(args: string[]): ImportOptions | number {
  try {
    const { values } = parseArgs({
      args,
      options: {
        database: { type: 'string' },
        media: { type: 'string' },
        'no-media': { type: 'boolean', default: false },
        table: { type: 'string' },
        column: { type: 'string', multiple: true, default: [] },
        'dry-run': { type: 'boolean', default: false },
        report: { type: 'string' },
        help: { type: 'boolean', default: false, short: 'h' }
      }
    })
    if (values.help) {
      process.stdout.write(USAGE)
      return 0
    }
    const { database, media, 'no-media': dropMedia, table, column, 'dry-run': dryRun, report } = values
    if (!database) throw new Error('--database is missing')
    if (media !== undefined && dropMedia) throw new Error('--media and --no-media exclude each other')
    return { database, media, dropMedia, table, columns: readColumns(column), dryRun, report }
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n\n${USAGE}`)
    return 2
  }
}

function readColumns(pairs: readonly string[]): Map<'id' | UserField, string> {
  const columns = new Map<'id' | UserField, string>()
  for (const pair of pairs) {
    const [, name, theirs] = /^([^=]*)=(.+)$/s.exec(pair) ?? []
    const ours = (['id', ...USER_FIELDS] as const).find((field) => field === name)
    if (ours === undefined || theirs === undefined)
      throw new Error(`--column takes one of our names, = and theirs, such as number_phone=phone`)
    columns.set(ours, theirs)
  }
  return columns
}
