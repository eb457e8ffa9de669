import { clientsWith } from '../client/create-client.ts'
import { hasXhr, sendByXhr } from '../client/send-by-xhr.ts'
import { sendCounted } from '../client/send-counted.ts'

export type {
  Client,
  ClientOptions,
  CreateClient,
  Credentials,
  ProfileChanges,
  SignUp,
  User
} from '../client/create-client.ts'
export type { components, operations, paths } from '../client/openapi.ts'
export type { FieldName, FieldSentences } from '../client/profile-error.ts'
export { isProfileError, ProfileError } from '../client/profile-error.ts'
export type { OnProgress, Progress, SendOptions } from '../client/progress.ts'
export type { TokenStore, Tokens } from '../client/tokens.ts'
export { memoryTokens, webStorageTokens } from '../client/tokens.ts'

/** For wherever it is run: bundles for browsers that ask for theirs get `client-browser.ts`. */
export const createClient = clientsWith((...sent) => (hasXhr() ? sendByXhr : sendCounted)(...sent))

export default createClient
