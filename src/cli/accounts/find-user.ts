import type { ParseArgsOptionsConfig } from 'node:util'
import { type IdentityField, identityKey } from '../../users/identity.ts'
import { parseUserId, type User } from '../../users/user.ts'
import type { UserStore } from '../../users/user-store.ts'
import { Refusal, UsageError } from '../command.ts'
import { printable } from '../printable.ts'

/** How a user is named on the command line. */
export interface UserName {
  text: string
  by: 'id' | IdentityField | undefined
}

export const BY_OPTION = { by: { type: 'string' } } satisfies ParseArgsOptionsConfig

/** For the usage of a command that takes a user. */
export const USER_IS = 'USER is an id, an email or a username, in any letter case.'
export const BY_LINE =
  '  --by id|email|username  what USER is, where it could be several; digits alone are an id otherwise'

/** @throws {UsageError} where the words name no user, or several */
export function readUserName(positionals: string[], by: string | undefined): UserName {
  const [text, ...others] = positionals
  if (text === undefined || text === '' || others.length > 0) throw new UsageError('Name one user.')
  if (by === undefined || by === 'id' || by === 'email' || by === 'username') return { text, by }
  throw new UsageError('--by takes id, email or username')
}

/** @throws {Refusal} where there is no such user, or it could be two */
export async function getUser(users: UserStore, { text, by }: UserName): Promise<User> {
  const kind = by ?? (/^\d+$/.test(text) ? 'id' : undefined)
  const found = await (kind === 'id' ? findById(users, text) : findByName(users, text, kind))
  if (found) return found
  const hint = kind === 'id' && by === undefined ? ' (--by username or --by email looks for names.)' : ''
  throw new Refusal(`There is no user with the ${kind ?? 'email or username'} ${printable(text)}.${hint}`)
}

async function findById(users: UserStore, text: string): Promise<User | undefined> {
  const id = parseUserId(text)
  return id === undefined ? undefined : users.findById(id)
}

async function findByName(
  users: UserStore,
  text: string,
  field: IdentityField | undefined
): Promise<User | undefined> {
  const key = identityKey(text)
  const find = async (by: IdentityField): Promise<User | undefined> => {
    // It looks for the other name too, where nobody has this one.
    const user = (await users.findForSignIn(key, by))?.user
    return user && identityKey(user[by]) === key ? user : undefined
  }
  if (field) return find(field)
  const [byEmail, byUsername] = [await find('email'), await find('username')]
  if (byEmail && byUsername && byEmail.id !== byUsername.id) {
    const both = `user ${byEmail.id} by the email, and user ${byUsername.id} by the username`
    throw new Refusal(`${printable(text)} is ${both}: --by says which.`)
  }
  return byEmail ?? byUsername
}

/** A user in the middle of a sentence. */
export const describeUser = ({ id, username }: User): string => `user ${id} (${printable(username)})`

/** For a user who was deleted between being found and being changed. */
export const goneUser = (user: User): Refusal => new Refusal(`User ${user.id} was deleted meanwhile.`)
