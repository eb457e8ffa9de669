import { findOptionFault, type JwksOptions } from '../../src/identity/jwks-options.ts'
import { aPort, type OptionRule } from '../../src/options/check-options.ts'
import { OptionError } from '../../src/options/option-error.ts'

const PROFILES = ['findById', 'findTaken', 'update', 'updateIf', 'delete', 'findReferencedMedia']
const ACCOUNTS = [
  'create',
  'findForSignIn',
  'findWithPassword',
  'recordSignIn',
  'setPassword',
  'revokeTokens'
]
const IDENTITIES = ['find', 'provision']
const ADMINISTERED = ['setActive', 'setStaff']
const ADMIN = ['newest', 'findByPrefix', 'sessionsOf', 'figures', 'imports']
const AUDIT = ['begin', 'finish', 'list', 'forgetChanges']
const SESSIONS = ['start', 'rotate', 'end', 'isRevoked', 'purgeExpired']

/**
 * Checks that stores have what the plugins call.
 * @param keepAccounts whether accounts sign in here
 * @param keepIdentities whether users are known by who they are at an identity provider
 * @param isAdministered whether administrators act upon users
 * @throws {OptionError} such as of `stores.users`
 */
export function checkStores(
  stores: object,
  {
    keepAccounts,
    keepIdentities = false,
    isAdministered = false
  }: { keepAccounts: boolean; keepIdentities?: boolean; isAdministered?: boolean }
): void {
  const ports: Record<string, OptionRule> = {
    users: aPort(...PROFILES, ...(keepAccounts ? ACCOUNTS : []), ...(isAdministered ? ADMINISTERED : [])),
    ...(keepAccounts && { sessions: aPort(...SESSIONS) }),
    ...(keepIdentities && { identities: aPort(...IDENTITIES) }),
    ...(isAdministered && { admin: aPort(...ADMIN) }),
    ...((isAdministered || Reflect.get(stores, 'audit') !== undefined) && { audit: aPort(...AUDIT) })
  }
  for (const [name, judge] of Object.entries(ports)) {
    const wrong = judge(Reflect.get(stores, name))
    if (wrong !== undefined) throw new OptionError(`stores.${name}`, wrong)
  }
}

/** @throws {OptionError} such as of `jwks.url` */
export function checkJwks(jwks: JwksOptions): void {
  const fault = findOptionFault(jwks)
  if (fault) throw new OptionError(`jwks.${fault.option}`, fault.expected)
}

/** Whether users are known by who they are at the provider, rather than by our own id in a claim. */
export const needsIdentities = (jwks: JwksOptions | undefined): boolean =>
  jwks !== undefined && jwks.claims?.userId === undefined
