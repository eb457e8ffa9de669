import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Database } from 'better-sqlite3'
import type { StorageFigures } from '../../admin/admin-store.ts'
import { prepareCount } from './count-rows.ts'
import { prepareEstimate } from './estimate-users.ts'
import { read } from './sqlite-errors.ts'

/** More rows than these are not counted. */
const MOST = 500_000

/**
 * The figures of a file.
 * @param most as many rows of a kind are counted
 */
export function createSqliteFigures(
  database: Database,
  path: string,
  most = MOST
): () => Promise<StorageFigures> {
  const countUsers = prepareCount(database, 'users', 'username_key')
  const estimateUsers = prepareEstimate(database)
  const countAvatars = prepareCount(database, 'users', 'avatar')
  const countSessions = prepareCount(database, 'sessions', 'id')
  const countActs = prepareCount(database, 'audit_log', 'target_id')

  return async () => {
    const users = await countUsers(most)
    return {
      users: users ?? Math.max(most, await estimateUsers()),
      usersEstimated: users === undefined,
      avatars: (await countAvatars(most)) ?? null,
      sessions: (await countSessions(most)) ?? null,
      acts: (await countActs(most)) ?? null,
      databaseBytes: await measureFiles(database, path),
      databaseFreeBytes: path === ':memory:' ? null : await findRoom(path)
    }
  }
}

async function measureFiles(database: Database, path: string): Promise<number> {
  const number = (name: string) => Number(database.pragma(name, { simple: true }))
  const bytes = await read(() => number('page_count') * number('page_size'))
  if (path === ':memory:') return bytes
  const log = await stat(`${path}-wal`).catch(() => undefined)
  return bytes + (log?.size ?? 0)
}

/** For those who are not root. */
async function findRoom(path: string): Promise<number | null> {
  const disk = await statfs(dirname(path)).catch(() => undefined)
  return disk ? disk.bavail * disk.bsize : null
}
