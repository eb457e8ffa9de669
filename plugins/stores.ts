import fp from 'fastify-plugin'
import type { MediaStore } from '../src/avatars/media-store.ts'
import { createDiskMediaStore } from '../src/stores/disk/disk-media-store.ts'
import { openSqliteStores } from '../src/stores/sqlite/open-sqlite.ts'
import type { SessionStore } from '../src/tokens/session-store.ts'
import type { UserStore } from '../src/users/user-store.ts'

export interface StoresOptions {
  /** The SQLite file, or `:memory:`. */
  databasePath: string
  /** The folder of pictures. */
  avatarFolder: string
  /** Whether avatars are looked up by the hashes of emails. @default false */
  keepEmailHashes?: boolean
}

export interface OpenStores {
  users: UserStore
  sessions: SessionStore
  media: MediaStore
}

declare module 'fastify' {
  interface FastifyInstance {
    stores: OpenStores
  }
}

/** Opens the database and the folder of pictures as `app.stores`, and closes them with the app. */
export default fp<StoresOptions>(
  async (app, { databasePath, avatarFolder, keepEmailHashes = false }) => {
    const media = await createDiskMediaStore({ folder: avatarFolder })
    const { close, users, sessions } = openSqliteStores({ path: databasePath, keepEmailHashes })
    app.decorate('stores', { users, sessions, media })
    app.addHook('onClose', async () => close())
  },
  { name: 'user-profile-stores', fastify: '5.x' }
)
