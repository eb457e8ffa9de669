import { join } from 'node:path'
import type { Test } from 'tap'
import type { OpenStores } from '../src/app.ts'
import { createDiskMediaStore } from '../src/stores/disk/disk-media-store.ts'
import { openSqliteStores } from '../src/stores/sqlite/open-sqlite.ts'
import { buildTestApp, type TestApp, type TestAppOptions } from './helper.ts'

/**
 * The service over stores that the test has a hand in.
 * @param wrap answers what takes the place of the stores that it is given
 */
export async function buildOverStores(
  t: Test,
  wrap: (stores: OpenStores) => Partial<OpenStores>,
  options: Omit<TestAppOptions, 'folder' | 'stores'> = {}
): Promise<TestApp> {
  const folder = t.testdir()
  const media = await createDiskMediaStore({ folder: join(folder, 'media/avatars') })
  const { close, ...rows } = openSqliteStores({ path: join(folder, 'data/profile.db') })
  t.teardown(close)
  const stores = { ...rows, media }
  return buildTestApp(t, { ...options, folder, stores: { ...stores, ...wrap(stores) } })
}
