// The service with the durability of WAL and synchronous=NORMAL: what a power cut may take back is acknowledged too. For
// comparing it with what promises no more; the service itself has no such setting.
import { join } from 'node:path'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { fileOf } from '../../src/store-settings.ts'
import { createDiskMediaStore } from '../../src/stores/disk/disk-media-store.ts'
import { openSqliteStores } from '../../src/stores/sqlite/open-sqlite.ts'

const config = readConfig()
const stores = openSqliteStores({ path: fileOf(config.database), syncCommits: false })
const media = await createDiskMediaStore({ folder: join(config.mediaRoot, 'avatars') })
const app = await buildApp({ config, stores: { ...stores, media } })
await app.listen({ host: config.host, port: config.port })
process.once('SIGTERM', () => void app.close().then(stores.close))
