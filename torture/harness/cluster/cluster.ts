import type { Rows } from '../rows.ts'
import { type BucketPart, createBucketPart } from './bucket-part.ts'
import { createLinks, type Link, type Links } from './links.ts'
import { createNginxPart, type NginxPart } from './nginx-part.ts'
import { createNodePart, type NodePart } from './node-part.ts'
import type { Part } from './part.ts'
import { createPostgresPart, type PostgresPart } from './postgres-part.ts'
import { readPostgresRows } from './postgres-rows.ts'
import { createRedisPart, type RedisPart } from './redis-part.ts'

/** Several nodes behind nginx, and the servers that they share. */
export interface Cluster {
  /** What clients ask: nginx. */
  origin: string
  nodes: readonly [NodePart, NodePart, ...NodePart[]]
  nginx: NginxPart
  postgres: PostgresPart
  s3: BucketPart
  redis: RedisPart
  /** What is between the nodes and each server; undefined where they are connected directly. */
  links: Record<'postgres' | 's3' | 'redis', Link> | undefined
  /** Of its nodes. */
  settings: Record<string, string>
  /** Starts something beside it, which ends with it. */
  startBeside<T extends Part>(made: Promise<T>): Promise<T>
  readRows(): Promise<Rows>
  /** The last that each part wrote, for whoever looks why something failed. */
  lastWords(): string
  end(): Promise<void>
}

interface ClusterOptions {
  folder: string
  nodes: number
  /** Whether what goes between the nodes and their servers can be disturbed. @default false */
  linked?: boolean
  /** More settings of the nodes. */
  settings?: Record<string, string>
}

const SECRET = 'torture-secret-0123456789-0123456789'
const LAST_WORDS = 3000
/** Longer than nginx keeps a connection to a node that it does not use. */
const DRAIN_DELAY = '4'

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const parts: Part[] = []
  try {
    return await startAll(options, parts)
  } catch (error) {
    await endAll(parts)
    throw error
  }
}

async function startAll(options: ClusterOptions, parts: Part[]): Promise<Cluster> {
  const { folder, linked = false } = options
  async function started<T extends Part>(made: Promise<T>): Promise<T> {
    const part = await made
    parts.push(part)
    await part.start()
    return part
  }
  const [postgres, s3, redis, proxy] = await Promise.all([
    started(createPostgresPart(folder)),
    started(createBucketPart(folder)),
    started(createRedisPart(folder)),
    linked ? started(createLinks(folder)) : undefined
  ])
  const links = proxy && (await openLinks(proxy, { postgres, s3, redis }))
  const settings = {
    DATABASE_URL: postgres.url(links?.postgres.port),
    ...s3.settings(links?.s3.port ?? s3.port),
    REDIS_URL: `redis://127.0.0.1:${(links?.redis ?? redis).port}`,
    JWT_SECRET: SECRET,
    DRAIN_DELAY,
    ...options.settings
  }
  const named = Array.from({ length: options.nodes }, (_, index) => `node-${index + 1}`)
  const [first, second, ...others] = await Promise.all(
    named.map((name) => started(createNodePart(folder, name, settings)))
  )
  if (!first || !second) throw new Error('a cluster has two nodes at least')
  const nodes = [first, second, ...others] as const
  const nginx = await started(
    createNginxPart(
      folder,
      nodes.map(({ port }) => port)
    )
  )
  return {
    origin: nginx.origin,
    nodes,
    nginx,
    postgres,
    s3,
    redis,
    links,
    settings,
    startBeside: started,
    readRows: () => readPostgresRows(postgres.url()),
    lastWords: () => parts.map((part) => `== ${part.name}\n${part.log().slice(-LAST_WORDS)}`).join('\n'),
    end: () => endAll(parts)
  }
}

async function openLinks(proxy: Links, servers: Record<'postgres' | 's3' | 'redis', { port: number }>) {
  const { postgres, s3, redis } = servers
  return {
    postgres: await proxy.open('postgres', postgres.port),
    s3: await proxy.open('s3', s3.port),
    redis: await proxy.open('redis', redis.port)
  }
}

/** What they hold is of no more use. */
async function endAll(parts: Part[]): Promise<void> {
  await Promise.all(parts.map((part) => part.kill()))
}
