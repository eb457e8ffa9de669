import { createPresenter } from '../../../routes/present-user.ts'
import { readSettings } from '../../config.ts'
import { problemsIn, refusalOf, runCommand } from '../command.ts'
import { printableJson } from '../printable.ts'
import { readNewUserOrder, SUPERUSER_USAGE, USER_USAGE } from './create-user-options.ts'
import { createNewAccounts, type NewAccounts, type SignUpForm } from './new-account.ts'
import { withStores } from './open-stores.ts'
import { askNewPassword, askUntilGood, readGivenPassword } from './password-input.ts'
import { openTerminal, type Terminal } from './terminal.ts'

/** `fastify-user-profile create-user`: answers its exit code. */
export const runCreateUser = (args: string[]): Promise<number> =>
  runCommand(USER_USAGE, args, () => createUser(args, false))

/** `fastify-user-profile create-superuser`: answers its exit code. */
export const runCreateSuperuser = (args: string[]): Promise<number> =>
  runCommand(SUPERUSER_USAGE, args, () => createUser(args, true))

async function createUser(args: string[], isSuperuser: boolean): Promise<void> {
  const { form, passwordFile, noPassword, json } = readNewUserOrder(args, isSuperuser)
  const settings = readSettings()
  const password = noPassword ? undefined : await readGivenPassword(passwordFile)
  const privileges = { isStaff: isSuperuser, isSuperuser, mayLackPassword: noPassword }
  const user = await withStores(settings, { make: true }, async ({ users }) => {
    const accounts = createNewAccounts(users, privileges)
    const given = { ...form, password }
    const complete = process.stdin.isTTY
      ? await askForRest(openTerminal(), given, accounts, noPassword)
      : given
    return accounts.make(complete).catch((error: unknown) => {
      const problems = problemsIn(error)
      throw problems ? refusalOf(problems) : error
    })
  })
  process.stdout.write(
    json ? `${printableJson(createPresenter(settings.mediaUrl).user(user))}\n` : `${user.id}\n`
  )
}

type Question = [field: keyof SignUpForm, ask: () => Promise<string>]

/** Asks for what was not given, each until it is good. @throws {Refusal} where what was given is not */
export async function askForRest(
  terminal: Terminal,
  given: SignUpForm,
  accounts: Pick<NewAccounts, 'findProblems'>,
  noPassword: boolean
): Promise<SignUpForm> {
  const questions: Question[] = [
    ['username', () => terminal.ask('Username')],
    ['email', () => terminal.ask('Email address')]
  ]
  if (!noPassword) questions.push(['password', () => askNewPassword(terminal)])
  const missing = questions.filter(([field]) => given[field] === undefined)
  const open = new Set<string>(missing.map(([field]) => field))
  const wrong = Object.entries(await accounts.findProblems(given)).filter(([field]) => !open.has(field))
  if (wrong.length > 0) throw refusalOf(Object.fromEntries(wrong))
  const form = { ...given }
  for (const [field, ask] of missing) {
    const findProblems = async (answer: string) =>
      (await accounts.findProblems({ ...form, [field]: answer }))[field] ?? []
    form[field] = await askUntilGood(terminal, ask, findProblems)
  }
  return form
}
