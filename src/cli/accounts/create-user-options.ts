import { parseArgs } from 'node:util'
import { UsageError } from '../command.ts'
import type { SignUpForm } from './new-account.ts'
import { PASSWORD_USAGE } from './password-input.ts'

const usage = (
  command: string,
  makes: string,
  noPassword: string
) => `fastify-user-profile ${command} [options]

Makes ${makes} in DATABASE_URL, by the rules of a sign-up.
It may run while the service does. On a terminal it asks for a username and an email that are not given.
${PASSWORD_USAGE}

  --username NAME       required
  --email ADDRESS       required
  --first-name TEXT
  --last-name TEXT
  --number-phone TEXT
  --password-file FILE  reads the password from a file; - is standard input
${noPassword}  --json                answers the user as JSON; otherwise it is the id alone
  --help                this

Exit code: 0 the account was made; 1 it was refused; 2 it could not be tried.
`

export const USER_USAGE = usage(
  'create-user',
  'an account',
  '  --no-password         nobody can sign in until set-password sets one\n'
)
export const SUPERUSER_USAGE = usage(
  'create-superuser',
  'an account with all rights (staff and superuser)',
  ''
)

/** What `create-user` and `create-superuser` are told to make. */
export interface NewUserOrder {
  form: SignUpForm
  passwordFile: string | undefined
  noPassword: boolean
  json: boolean
}

/** @throws {UsageError} */
export function readNewUserOrder(args: string[], isSuperuser: boolean): NewUserOrder {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args,
    options: {
      username: text,
      email: text,
      'first-name': text,
      'last-name': text,
      'number-phone': text,
      'password-file': text,
      json: { type: 'boolean', default: false },
      'no-password': { type: 'boolean', default: false }
    }
  })
  const { 'no-password': noPassword, 'password-file': passwordFile, json, username, email } = values
  if (noPassword && isSuperuser) throw new UsageError('A superuser needs a password.')
  if (noPassword && passwordFile !== undefined)
    throw new UsageError('--no-password and --password-file exclude each other.')
  const form = {
    username,
    email,
    first_name: values['first-name'],
    last_name: values['last-name'],
    number_phone: values['number-phone']
  }
  return { form, passwordFile, noPassword, json }
}
