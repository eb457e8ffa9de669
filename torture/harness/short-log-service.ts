// The service with a write-ahead log that is copied into the database after so many pages, much more often than by itself, so
// that faults fall into that too. Arguments: how many pages, and `unsynced` where commits are not to be synced.
import { join } from 'node:path'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { fileOf } from '../../src/store-settings.ts'
import { createDiskMediaStore } from '../../src/stores/disk/disk-media-store.ts'
import { openSqliteStores } from '../../src/stores/sqlite/open-sqlite.ts'

const [frames, sync] = process.argv.slice(2)
const config = readConfig()
const media = await createDiskMediaStore({ folder: join(config.mediaRoot, 'avatars') })
const { close, ...stores } = openSqliteStores({
  path: fileOf(config.database),
  checkpointFrames: Number(frames),
  syncCommits: sync !== 'unsynced'
})
const app = await buildApp({ config, stores: { ...stores, media } })
app.addHook('onClose', () => close())
process.once('SIGTERM', () => app.close())
const origin = await app.listen({ host: config.host, port: config.port })
process.stderr.write(`listening on ${origin}\n`)
