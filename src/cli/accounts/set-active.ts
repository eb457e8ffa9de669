import { parseArgs } from 'node:util'
import { systemClock } from '../../clock.ts'
import { readSettings } from '../../config.ts'
import { runCommand } from '../command.ts'
import { BY_LINE, BY_OPTION, describeUser, getUser, goneUser, readUserName, USER_IS } from './find-user.ts'
import { withStores } from './open-stores.ts'

const usage = (command: string, does: string) => `fastify-user-profile ${command} USER [options]

${does}
It may run while the service does. ${USER_IS}

${BY_LINE}
  --help                  this

Exit code: 0 it is so now; 1 there is no such user; 2 it could not be tried.
`

const DEACTIVATE_USAGE = usage(
  'deactivate',
  'Keeps a user in DATABASE_URL from coming in: sessions end, no token works any more, no password is taken.'
)
const ACTIVATE_USAGE = usage('activate', 'Lets a deactivated user in DATABASE_URL sign in again.')

/** `fastify-user-profile deactivate`: answers its exit code. */
export const runDeactivate = (args: string[]): Promise<number> =>
  runCommand(DEACTIVATE_USAGE, args, () => setActive(args, false))

/** `fastify-user-profile activate`: answers its exit code. */
export const runActivate = (args: string[]): Promise<number> =>
  runCommand(ACTIVATE_USAGE, args, () => setActive(args, true))

async function setActive(args: string[], isActive: boolean): Promise<void> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: BY_OPTION })
  const name = readUserName(positionals, values.by)
  const user = await withStores(readSettings(), { make: false }, async ({ users }) => {
    const found = await getUser(users, name)
    const changed = await users.setActive(found.id, isActive, systemClock.now())
    if (!changed) throw goneUser(found)
    return changed
  })
  const outcome = isActive ? 'Activated' : 'Ended all sessions of, and deactivated,'
  process.stdout.write(`${outcome} ${describeUser(user)}.\n`)
}
