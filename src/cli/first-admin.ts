import type { FirstAdmin } from '../config.ts'
import { ConfigError } from '../config-error.ts'
import type { FieldErrors } from '../errors.ts'
import { identityKeys } from '../users/identity.ts'
import type { User } from '../users/user.ts'
import type { UserStore } from '../users/user-store.ts'
import { createNewAccounts } from './accounts/new-account.ts'
import { readPasswordFile, UnreadablePassword } from './accounts/password-file.ts'
import { problemsIn } from './command.ts'

/** By the field of a sign-up that they are. */
const SETTINGS: Record<string, string> = {
  username: 'ADMIN_USERNAME',
  email: 'ADMIN_EMAIL',
  password: 'ADMIN_PASSWORD_FILE'
}

const WAY_OUT =
  'That user is no superuser. Make one of another name by "fastify-user-profile create-superuser", or unset the ADMIN_… settings.'

/**
 * Makes the superuser that the settings name, where there is none at all. Otherwise nothing is read, nor changed.
 * @returns who was made, if anybody
 * @throws {ConfigError} where it can't be; never with the password
 */
export async function makeFirstAdmin(
  users: UserStore,
  { username, email, passwordFile }: FirstAdmin
): Promise<User | undefined> {
  if (await users.hasSuperuser()) return undefined
  const password = await readPassword(passwordFile)
  const accounts = createNewAccounts(users, { isStaff: true, isSuperuser: true })
  try {
    return await accounts.make({ username, email, password })
  } catch (error) {
    const problems = problemsIn(error)
    if (!problems) throw error
    // Another process that starts at the same moment may have made it.
    if (await users.hasSuperuser()) return undefined
    const taken = await users.findTaken(identityKeys({ username, email }))
    throw explain(problems, taken.length > 0)
  }
}

async function readPassword(path: string): Promise<string> {
  try {
    return await readPasswordFile(path)
  } catch (error) {
    if (!(error instanceof UnreadablePassword)) throw error
    throw new ConfigError('ADMIN_PASSWORD_FILE', error.message)
  }
}

/** A line for each setting. */
function explain(problems: FieldErrors, isTaken: boolean): ConfigError {
  const lines = Object.entries(problems).map(
    ([field, sentences]) => [SETTINGS[field] ?? field, sentences.join(' ')] as const
  )
  const [[name, sentence] = ['ADMIN_EMAIL', ''], ...others] = lines
  const rest = others.map((line) => line.join(': '))
  return new ConfigError(name, [sentence, ...rest, ...(isTaken ? [WAY_OUT] : [])].join('\n'))
}
