import { parseArgs } from 'node:util'
import Fastify from 'fastify'
import { openTokenSessions } from '../../../plugins/tokens/token-sessions.ts'
import { systemClock } from '../../clock.ts'
import { type Config, readConfigBesideService, readSettings } from '../../config.ts'
import type { Stores } from '../../stores/sqlite/open-sqlite.ts'
import type { Sessions } from '../../tokens/sessions.ts'
import { Refusal, runCommand } from '../command.ts'
import { BY_LINE, BY_OPTION, describeUser, getUser, readUserName, USER_IS } from './find-user.ts'
import { withStores } from './open-stores.ts'

const USAGE = `fastify-user-profile issue-token USER [options]

Starts a session for a user in DATABASE_URL, as a sign-in would, and answers its tokens, signed with JWT_SECRET:
{"refresh":"…","access":"…"}.
It may run while the service does. ${USER_IS}

${BY_LINE}
  --access-only           answers an access token alone, as it is, and starts no session
  --help                  this

Exit code: 0 there they are; 1 there is no such user, or an inactive one; 2 it could not be tried.
`

/** `fastify-user-profile issue-token`: answers its exit code. */
export const runIssueToken = (args: string[]): Promise<number> =>
  runCommand(USAGE, args, () => issueToken(args))

async function issueToken(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...BY_OPTION, 'access-only': { type: 'boolean', default: false } }
  })
  const name = readUserName(positionals, values.by)
  const answer = await withStores(readSettings(), { make: false }, async (stores) => {
    const user = await getUser(stores.users, name)
    if (!user.isActive)
      throw new Refusal(`There are no tokens for ${describeUser(user)}: the account is inactive.`)
    return withSessions(readConfigBesideService(), stores, async (sessions) =>
      values['access-only'] ? sessions.issueAccess(user) : JSON.stringify(await sessions.start(user))
    )
  })
  process.stdout.write(`${answer}\n`)
}

/** The service's own sessions: the plugin that makes its tokens, in an app that never listens. */
async function withSessions<T>(
  { jwtSecret: secret, ...config }: Config & { jwtSecret: string },
  { users, sessions: store }: Stores,
  work: (sessions: Sessions) => Promise<T>
): Promise<T> {
  const { accessTtlSeconds, refreshTtlSeconds, refreshRotation, reuseGraceMs } = config
  const lifetimes = { accessTtlSeconds, refreshTtlSeconds, refreshRotation, reuseGraceMs }
  const app = Fastify({ logger: false })
  try {
    return await work(
      await openTokenSessions(app, { secret, users, store, clock: systemClock, ...lifetimes })
    )
  } finally {
    await app.close()
  }
}
