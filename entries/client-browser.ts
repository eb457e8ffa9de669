import { clientsWith } from '../client/create-client.ts'
import { sendByXhr } from '../client/send-by-xhr.ts'

export type {
  Client,
  ClientOptions,
  ClientSettings,
  CreateClient,
  Credentials,
  ProfileChanges,
  SignUp,
  TokenPlace,
  UpdateOptions,
  User
} from '../client/create-client.ts'
export type { components, operations, paths } from '../client/openapi.ts'
export type { FieldName, FieldSentences } from '../client/profile-error.ts'
export { isProfileError, ProfileError } from '../client/profile-error.ts'
export type { OnProgress, Progress, SendOptions } from '../client/progress.ts'
export type { TokenStore, Tokens } from '../client/tokens.ts'
export { memoryTokens, webStorageTokens } from '../client/tokens.ts'

/** For browsers, without what only Node needs. */
export const createClient = clientsWith(sendByXhr)

export default createClient
