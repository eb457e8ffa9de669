import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { AdminStore } from '../../src/admin/admin-store.ts'
import type { AuditLog } from '../../src/admin/audit-log.ts'
import type { MediaStore } from '../../src/avatars/media-store.ts'
import { reasonOf } from '../../src/config-error.ts'
import type { IdentityStore } from '../../src/identity/identity-store.ts'
import { OptionError } from '../../src/options/option-error.ts'
import type { SessionStore } from '../../src/tokens/session-store.ts'
import type { ProfileStore, UserStore } from '../../src/users/user-store.ts'
import type { Settings } from './options.ts'
import { claimPictures } from './picture-owners.ts'

export interface OpenStores {
  users: ProfileStore | UserStore
  sessions?: SessionStore
  identities?: IdentityStore
  admin?: AdminStore
  audit?: AuditLog
  pictures: MediaStore
  /** A private folder for uploads on their way. */
  uploadFolder: string
}

/**
 * The stores that are handed in, or else those that the options name, which close with the app.
 * @throws {OptionError} of what can't be opened, and of pictures that are already those of other users
 */
export async function openStores(app: FastifyInstance, settings: Settings): Promise<OpenStores> {
  const { databasePath = './data/profile.db', mediaRoot = './media', libravatar } = settings
  const path = databasePath === ':memory:' ? databasePath : resolve(databasePath)
  const rows = settings.stores ?? (await naming('databasePath', () => openDatabase(app, path, libravatar)))
  const pictures = settings.media ?? (await naming('mediaRoot', () => openMedia(resolve(mediaRoot))))
  const isShared = settings.stores !== undefined || path === ':memory:'
  claimPictures(app, pictures, isShared ? rows.users : path)
  const uploadFolder =
    settings.uploadFolder ??
    (settings.media ? await makeUploadFolder(app) : join(resolve(mediaRoot), '.uploads'))
  return { ...rows, pictures, uploadFolder: resolve(uploadFolder) }
}

/** What the system refuses, with the option that asked for it. */
async function naming<T>(option: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    throw new OptionError(option, reasonOf(error))
  }
}

/** Loaded here, so that a host with stores of its own does without. */
async function openDatabase(app: FastifyInstance, path: string, keepEmailHashes: boolean) {
  const { openSqliteStores } = await import('../../src/stores/sqlite/open-sqlite.ts')
  const { close, ...stores } = openSqliteStores({ path, keepEmailHashes })
  app.addHook('onClose', () => close())
  return stores
}

async function openMedia(mediaRoot: string): Promise<MediaStore> {
  const { createDiskMediaStore } = await import('../../src/stores/disk/disk-media-store.ts')
  return createDiskMediaStore({ folder: join(mediaRoot, 'avatars') })
}

/** One among the system's temporary files, which goes with the app. */
async function makeUploadFolder(app: FastifyInstance): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fastify-user-profile-'))
  app.addHook('onClose', () => rm(folder, { recursive: true, force: true }))
  return folder
}
