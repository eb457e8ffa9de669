import { createClient, type ProfileError } from '../../entries/client-browser.ts'
import { baseUrl, settings } from './settings.ts'

export type { User } from '../../entries/client-browser.ts'

const followers = new Set<(error: ProfileError) => void>()

/** The service, for whoever is signed in. The session is in a cookie that no script can read. */
export const client = createClient({
  baseUrl,
  apiPrefix: settings.apiPrefix,
  session: 'cookie',
  onSignedOut: (error) => {
    for (const follow of followers) follow(error)
  }
})

/** Told when the service no longer takes the session: it was ended elsewhere, or expired. @returns what ends it */
export function onSessionEnd(follow: (error: ProfileError) => void): () => void {
  followers.add(follow)
  return () => void followers.delete(follow)
}
