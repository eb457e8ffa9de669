export type { Authenticate, AuthOptions, ExternalAuthOptions, OwnAuthOptions } from '../plugins/auth.ts'
export { default } from '../plugins/auth.ts'
export type { Sessions, TokenPair } from '../src/tokens/sessions.ts'
