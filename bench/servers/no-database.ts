// The service itself, every hook, parser, schema and serialiser of it, over users in memory: the ceiling of whatever
// a database may add. Settings are the service's own; BENCH_USERS says how many users there are.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createMemoryStores } from './memory-users.ts'

const config = readConfig()
mkdirSync(join(config.mediaRoot, 'avatars'), { recursive: true })
const app = await buildApp({ config, stores: createMemoryStores(Number(process.env.BENCH_USERS)) })
await app.listen({ host: config.host, port: config.port })
process.once('SIGTERM', () => void app.close())
