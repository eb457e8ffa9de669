import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { createPresenter } from '../../../routes/present-user.ts'
import { readSettings } from '../../config.ts'
import { errorCode } from '../../error-code.ts'
import type { User } from '../../users/user.ts'
import { runCommand } from '../command.ts'
import { printableJson } from '../printable.ts'
import { withStores } from './open-stores.ts'
import { findPages } from './user-pages.ts'
import { tableLines } from './user-table.ts'

const USAGE = `fastify-user-profile list-users [options]

Lists the users in DATABASE_URL by their ids, all of them unless told otherwise; times are in UTC.
It may run while the service does.

  --inactive    those who may not come in
  --staff       those of the staff
  --superusers  those with all rights
  --json        one JSON object a line, with the fields that the service answers
  --help        this

Exit code: 0 they were listed, however many; 2 they could not be.
`

/** `fastify-user-profile list-users`: answers its exit code. */
export const runListUsers = (args: string[]): Promise<number> =>
  runCommand(USAGE, args, () => listUsers(args))

async function listUsers(args: string[]): Promise<void> {
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    args,
    options: { inactive: flag, staff: flag, superusers: flag, json: flag }
  })
  const settings = readSettings()
  await withStores(settings, { make: false }, async ({ users }) => {
    const pages = findPages(users, values)
    await write(values.json ? jsonLines(pages, settings.mediaUrl) : tableLines(pages))
  })
}

async function* jsonLines(pages: AsyncIterable<User[]>, mediaUrl: string): AsyncIterable<string> {
  const present = createPresenter(mediaUrl)
  for await (const page of pages) {
    yield page.map((user) => `${printableJson(present.user(user))}\n`).join('')
  }
}

/** Writes as fast as it is read. Whoever reads it (`| head`) may have seen enough: that is the end. */
async function write(texts: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(texts), process.stdout, { end: false })
  } catch (error) {
    if (!['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(errorCode(error))) throw error
  }
}
