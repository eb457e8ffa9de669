import { parseArgs } from 'node:util'
import { Type } from '@sinclair/typebox'
import { NewPassword } from '../../../routes/schemas/fields.ts'
import { systemClock } from '../../clock.ts'
import { readSettings } from '../../config.ts'
import type { PasswordOwner } from '../../passwords/password-rules.ts'
import { findPasswordProblems } from '../../passwords/password-rules.ts'
import { refusalOf, runCommand } from '../command.ts'
import { BY_LINE, BY_OPTION, describeUser, getUser, goneUser, readUserName, USER_IS } from './find-user.ts'
import { createTextJudge } from './judge-texts.ts'
import { createHasher } from './new-account.ts'
import { withStores } from './open-stores.ts'
import {
  askNewPassword,
  askUntilGood,
  PASSWORD_OPTION,
  PASSWORD_USAGE,
  readGivenPassword
} from './password-input.ts'
import { openTerminal } from './terminal.ts'

const USAGE = `fastify-user-profile set-password USER [options]

Sets the password of a user in DATABASE_URL, and ends all sessions: no token of the user's works any more.
It may run while the service does. ${USER_IS}
${PASSWORD_USAGE}

${BY_LINE}
  --password-file FILE    reads the password from a file; - is standard input
  --force                 takes a weak password too, though none that is too long
  --help                  this

Exit code: 0 the password was set; 1 it was refused, or there is no such user; 2 it could not be tried.
`

/** `fastify-user-profile set-password`: answers its exit code. */
export const runSetPassword = (args: string[]): Promise<number> =>
  runCommand(USAGE, args, () => setPassword(args))

async function setPassword(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...BY_OPTION, ...PASSWORD_OPTION, force: { type: 'boolean', default: false } }
  })
  const name = readUserName(positionals, values.by)
  const settings = readSettings()
  const given = await readGivenPassword(values['password-file'])
  const user = await withStores(settings, { make: false }, async ({ users }) => {
    const found = await getUser(users, name)
    const password = await getGoodPassword(given, createPasswordJudge(found, values.force))
    const passwordHash = await createHasher().hash(password)
    const changed = await users.setPassword(found.id, { passwordHash, at: systemClock.now() })
    if (!changed) throw goneUser(found)
    return changed
  })
  process.stdout.write(`The password of ${describeUser(user)} was set; all sessions have ended.\n`)
}

type FindProblems = (password: string) => Promise<string[]>

/** By the rules of the interface, and in its words. */
function createPasswordJudge(owner: PasswordOwner, takesWeak: boolean): FindProblems {
  const judge = createTextJudge(Type.Object({ password: NewPassword }))
  return async (password) => {
    const { password: problems } = judge({ password }).invalid
    if (problems) return problems
    return takesWeak ? [] : findPasswordProblems(password, owner)
  }
}

/** The one that was given, or else the first good one that somebody answers. */
async function getGoodPassword(given: string | undefined, findProblems: FindProblems): Promise<string> {
  if (given === undefined) {
    const terminal = openTerminal()
    return askUntilGood(terminal, () => askNewPassword(terminal), findProblems)
  }
  const problems = await findProblems(given)
  if (problems.length > 0) throw refusalOf({ password: problems })
  return given
}
