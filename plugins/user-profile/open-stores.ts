import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { MediaStore } from '../../src/avatars/media-store.ts'
import type { Stores } from '../../src/stores/sqlite/open-sqlite.ts'

/**
 * Opens the SQLite file, and closes it with the app. Loaded here, so that a host with stores of its own does without.
 * @param keepEmailHashes whether avatars are looked up by the hashes of emails
 */
export async function openDatabase(
  app: FastifyInstance,
  path: string,
  keepEmailHashes: boolean
): Promise<Stores> {
  const { openSqliteStores } = await import('../../src/stores/sqlite/open-sqlite.ts')
  const stores = openSqliteStores({ path, keepEmailHashes })
  app.addHook('onClose', () => stores.close())
  return stores
}

/** Opens the folder of pictures. */
export async function openMedia(mediaRoot: string): Promise<MediaStore> {
  const { createDiskMediaStore } = await import('../../src/stores/disk/disk-media-store.ts')
  return createDiskMediaStore({ folder: join(mediaRoot, 'avatars') })
}

/** A private folder for uploads on their way, which goes with the app. */
export async function makeUploadFolder(app: FastifyInstance): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fastify-user-profile-'))
  app.addHook('onClose', () => rm(folder, { recursive: true, force: true }))
  return folder
}
