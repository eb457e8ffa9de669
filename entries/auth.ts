export type { Authenticate, AuthOptions } from '../plugins/auth.ts'
export { default } from '../plugins/auth.ts'
