/** What the pages are told of the service; everybody can read it. */
export interface PageSettings {
  /** The path in front of the endpoints, below the plugin's own prefix. */
  apiPrefix: string
  /** Whether strangers may make accounts. */
  signUpOpen: boolean
  /** Bytes of an uploaded picture. */
  avatarMaxBytes: number
  /** Pixels of the stored picture's longer side. */
  avatarMaxSide: number
  /** Whether there is a page for administrators. */
  admin: boolean
}
