import { existsSync } from 'node:fs'
import type { Settings } from '../../config.ts'
import { ConfigError } from '../../config-error.ts'
import { openRows, type RowStores } from '../../open-stores.ts'
import { Refusal } from '../command.ts'
import { nameSetting } from '../name-setting.ts'

/**
 * Opens the service's database, also while the service runs, and closes it when the work is done.
 * @param make whether a database that is missing is made, as the service would
 * @throws what the system refuses, with the setting's name
 */
export async function withStores<T>(
  settings: Settings,
  { make }: { make: boolean },
  work: (stores: RowStores) => Promise<T>
): Promise<T> {
  const { database, libravatar: keepEmailHashes } = settings
  if (database.kind === 'sqlite') refuseAbsent(database.path, make)
  try {
    const stores = await openRows(database, { keepEmailHashes })
    try {
      return await work(stores)
    } finally {
      await stores.close()
    }
  } catch (error) {
    throw nameSetting(error, settings)
  }
}

function refuseAbsent(path: string, make: boolean): void {
  if (path === ':memory:')
    throw new ConfigError('DATABASE_URL', 'a database in memory belongs to the service alone')
  if (!make && !existsSync(path)) throw new Refusal(`There are no users yet: ${path} does not exist.`, 2)
}
