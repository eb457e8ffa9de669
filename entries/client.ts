import { clientsWith } from '../client/create-client.ts'
import { hasXhr, sendByXhr } from '../client/send-by-xhr.ts'
import { sendCounted } from '../client/send-counted.ts'

export * from './client-browser.ts'

/** For wherever it is run; bundles for browsers that ask for theirs get `client-browser.ts`. */
export const createClient = clientsWith((...sent) => (hasXhr() ? sendByXhr : sendCounted)(...sent))

export default createClient
