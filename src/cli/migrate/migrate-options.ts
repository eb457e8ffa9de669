import { parseArgs } from 'node:util'
import { UsageError } from '../command.ts'

export const USAGE = `fastify-user-profile migrate-store [--from URL] [--to URL] [--media PLACE] [--media-to PLACE] [options]

Moves users with their passwords and sessions from a SQLite file to PostgreSQL, or back, and their pictures from a
folder to a bucket of S3, or back. It may run while the service does. First everything is copied; then nobody can write
(503) for as long as it takes to bring what was written meanwhile, and to verify all rows; then the old database takes
no more writes, and the new one opens. Start the service with the new settings then.

  --from URL        where the rows are, sqlite:FILE or postgres://user:password@host/database (PGPASSWORD works too);
                    DATABASE_URL, unless it is said
  --to URL          where they go: an empty database, whose schema is made
  --media PLACE     where the pictures are, a folder as MEDIA_ROOT is one, or s3://bucket/prefix; unless it is said,
                    where MEDIA_STORE and MEDIA_ROOT say
  --media-to PLACE  where they go; unless it is said they stay where they are. Without --to they alone are moved: stop
                    the service for the last time that this is done
  --ahead           copies only, such as the day before: the service goes on with what it has, and the next run brings
                    what is new
  --verify          moves nothing: compares both sides, rows and pictures to the byte
  --reopen          lets the service write again to what was moved from; what was written to the new database since
                    stays there
  --json            the outcome as a JSON object
  --help            this

It can be ended at any moment, and repeated: it goes on where it was. Tokens work on where the service has the same
JWT_SECRET as before.

  fastify-user-profile migrate-store --to postgres://app@db.internal/app --media-to s3://pictures --ahead
  fastify-user-profile migrate-store --to postgres://app@db.internal/app --media-to s3://pictures

Exit code: 0 it is moved, copied or equal; 1 something is in its way or differs; 2 it could not be done. Unless it is 0,
the service goes on with what it has, or it is said that it can't.
`

export interface MigrateOptions {
  from: string | undefined
  to: string | undefined
  media: string | undefined
  mediaTo: string | undefined
  ahead: boolean
  verify: boolean
  reopen: boolean
  json: boolean
}

/** @throws {UsageError} */
export function readOptions(args: string[]): MigrateOptions {
  const flag = { type: 'boolean', default: false } as const
  const word = { type: 'string' } as const
  const { values } = parseArgs({
    args,
    options: {
      from: word,
      to: word,
      media: word,
      'media-to': word,
      ahead: flag,
      verify: flag,
      reopen: flag,
      json: flag
    }
  })
  const { from, to, media, 'media-to': mediaTo, ahead, verify, reopen, json } = values
  if ([ahead, verify, reopen].filter((one) => one).length > 1)
    throw new UsageError('--ahead, --verify and --reopen exclude each other.')
  if (reopen && (to ?? media ?? mediaTo) !== undefined) throw new UsageError('--reopen takes --from alone.')
  if (!reopen && to === undefined && mediaTo === undefined)
    throw new UsageError('There is nothing to move: --to and --media-to are missing.')
  if (media !== undefined && mediaTo === undefined)
    throw new UsageError('--media says where the pictures are; --media-to, where they go, is missing.')
  return { from, to, media, mediaTo, ahead, verify, reopen, json }
}
