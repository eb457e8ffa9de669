import { importDeferred } from './import-deferred.ts'
import { copyPictures } from './import-pictures.ts'
import type { ImportRun } from './import-run.ts'
import { importTokens } from './import-tokens.ts'
import { importUsers } from './import-users.ts'

/**
 * Takes over pictures, users and tokens, and commits. It can be repeated: what did not change there since the last time is
 * left alone.
 * @throws and nothing is imported; of pictures, copies may be left
 */
export async function runImport(run: ImportRun): Promise<void> {
  const { source, table, store } = run
  const users = await source.countUsers(table)
  const tokens = await source.countTokens(table)
  // Before all work: it may not be readable.
  const lastUserId = await source.lastUserId(table)
  await copyPictures(run, users)
  await store.begin()
  await importUsers(run, users)
  await importDeferred(run)
  if (tokens) await importTokens(run, tokens.count)
  // Tokens name their users by ids: those of deleted users are never given again.
  await store.reserveIds(Math.max(lastUserId, tokens?.lastUserId ?? 0))
  const record = run.record()
  if (record) await store.record(record)
  run.signal.throwIfAborted()
  run.progress('commit', 0, 0)
  await store.commit()
}
