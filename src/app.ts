import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { createConnections } from '../plugins/connections/connections.ts'
import { createDraining, type Draining } from '../plugins/connections/draining.ts'
import { answerExpectations } from '../plugins/connections/expect-continue.ts'
import errorAnswers, { sendError } from '../plugins/errors.ts'
import health from '../plugins/health.ts'
import { type Instruments, openInstruments, watchStores } from '../plugins/instruments.ts'
import metrics from '../plugins/metrics/metrics.ts'
import overload from '../plugins/overload.ts'
import { RequestLog } from '../plugins/request-log.ts'
import securityHeaders, { SECURITY_HEADERS } from '../plugins/security-headers.ts'
import { shownPath } from '../plugins/shown-path.ts'
import { logTraces } from '../plugins/tracing/log-traces.ts'
import userProfile from '../plugins/user-profile.ts'
import type { MediaStore } from './avatars/media-store.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { ServiceError } from './errors.ts'
import { openLogOutput } from './log-output.ts'
import { openMedia, openRows, type RowStores } from './open-stores.ts'
import { createReadiness } from './readiness.ts'
import type { Telemetry } from './telemetry/telemetry.ts'

export interface OpenStores extends Omit<RowStores, 'close' | 'stats'> {
  media: MediaStore
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Of the service alone. */
    stores: OpenStores
    draining: Draining
  }
}

export interface AppOptions {
  config: Config
  /** Fastify's logger, where it is not to be made from the settings. */
  logger?: Exclude<FastifyServerOptions['logger'], undefined>
  clock?: Clock
  /** Users, sessions and pictures, where they are not those that the settings name. */
  stores?: OpenStores
}

/** A request's headers have to arrive within this time, */
const HEADERS_TIMEOUT_MS = 20_000
/** the whole request within this, */
const REQUEST_TIMEOUT_MS = 120_000
/** or within so much more than an upload may take: an upload's own refusal comes first. */
const BEYOND_UPLOAD_MS = 10_000
/** From then on its answer has this time, most of which a picture may spend waiting for its turn to be decoded. */
const ANSWER_TIMEOUT_MS = 60_000
/** A balancer asks every few seconds. */
const READY_WITHIN_MS = 2000
/** A database that is started beside the service may take this long to come up. */
const DATABASE_START_MS = 30_000
/** How often Node looks whose time is over. */
const TIMEOUTS_CHECK_MS = 5000

/** The service as a Fastify app, not yet listening. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { config, logger } = options
  const { logLevel, trustProxy, uploadTimeoutMs, bodyTimeoutMs } = config
  const requestTimeout = Math.max(REQUEST_TIMEOUT_MS, uploadTimeoutMs + BEYOND_UPLOAD_MS)
  const connections = createConnections({
    bodyTimeoutMs,
    answerTimeoutMs: requestTimeout + ANSWER_TIMEOUT_MS
  })
  const { telemetry, prometheus, tracing } = await openInstruments(config)
  const app = Fastify({
    logger: logger ?? (logLevel !== 'silent' && { ...loggerFor(logLevel), stream: openLogOutput() }),
    logController: new RequestLog(),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    // Where spans are made, they are named in the log by themselves.
    ...(!tracing && { childLoggerFactory: logTraces }),
    // A request that comes in all the same while the service ends is answered: it may be one that nobody repeats.
    return503OnClosing: false,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUTS_CHECK_MS },
    requestTimeout,
    // Of a connection where nothing moves, such as to a client that reads no more.
    connectionTimeout: requestTimeout + ANSWER_TIMEOUT_MS + BEYOND_UPLOAD_MS,
    // Addresses only: a number of hops would trust whoever connects directly.
    trustProxy: trustProxy.length > 0 ? trustProxy : false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => sendError(error, request, reply.headers(SECURITY_HEADERS)),
    clientErrorHandler: connections.answerClientError
  })
  app.server.maxConnections = config.maxConnections
  connections.watch(app)
  try {
    await assemble(app, options, { telemetry, prometheus, tracing, inFlight: connections.inFlight })
  } catch (error) {
    // What was opened by then, such as connections, would keep the process.
    await app.close()
    throw error
  }
  return app
}

interface AppInstruments extends Instruments {
  /** Requests that are not answered yet. */
  inFlight(): number
}

async function assemble(
  app: FastifyInstance,
  { config, clock, stores }: AppOptions,
  { telemetry, prometheus, tracing, inFlight }: AppInstruments
): Promise<void> {
  app.decorate('draining', createDraining(app.server))
  if (tracing) await app.register(tracing.plugin)
  if (config.metrics && prometheus) {
    prometheus.watchRequests(inFlight)
    await app.register(metrics, { ...config.metrics, prometheus })
  }
  await app.register(securityHeaders)
  if (config.corsOrigins.length > 0) {
    await app.register(import('@fastify/cors'), {
      origin: config.corsOrigins,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      strictPreflight: false,
      exposedHeaders: ['ETag', 'Retry-After', 'WWW-Authenticate'],
      maxAge: 86_400
    })
  }
  await app.register(errorAnswers)
  await app.register(overload, config)
  app.decorate('stores', watchStores(stores ?? (await openStores(app, config, telemetry)), telemetry))
  const { media, ...rows } = app.stores
  const redis = await openRedis(app, config)
  await app.register(userProfile, {
    ...profileOptions(config),
    ...tokenOptions(config),
    stores: rows,
    media,
    uploadFolder: join(config.mediaRoot, '.uploads'),
    telemetry,
    ...(redis && { redis }),
    ...(clock && { clock })
  })
  await app.register(health, {
    isReady: createReadiness(() => askStores(app.stores, config), READY_WITHIN_MS),
    isDraining: () => app.draining.begun
  })
  answerExpectations(app)
}

/** Opens what the settings name, and closes it with the app. */
async function openStores(
  app: FastifyInstance,
  { database, mediaStore, libravatar: keepEmailHashes }: Config,
  telemetry: Telemetry
): Promise<OpenStores> {
  const media = await openMedia(mediaStore)
  app.addHook('onClose', () => media.close?.())
  await tellWhereAway(app, media)
  const { close, stats, ...rows } = await openRows(database, {
    keepEmailHashes,
    telemetry,
    waitMs: DATABASE_START_MS,
    onWait: (reason) => app.log.warn({ reason }, 'waiting for the database')
  })
  if (stats) telemetry.watchPool(stats)
  app.addHook('onClose', () => close())
  return { ...rows, media }
}

/** A connection to the Redis of the settings, where there is one, which closes with the app. */
async function openRedis(app: FastifyInstance, { redisUrl, rateLimit }: Config) {
  if (redisUrl === undefined || !rateLimit) return undefined
  const { openRedis } = await import('./stores/redis/open-redis.ts')
  const redis = await openRedis(redisUrl)
  app.addHook('onClose', async () => redis.close())
  return redis
}

/** The service starts without its pictures as it goes on without them: accounts need none. */
async function tellWhereAway({ log }: FastifyInstance, media: MediaStore): Promise<void> {
  try {
    await media.check?.()
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    log.warn({ err: error.cause ?? error }, 'pictures can’t be reached; uploads get 503 until they can')
  }
}

/** Throws where rows or pictures can't be read; but pictures that are on a server are not missed by the rest. */
async function askStores({ users, media }: OpenStores, { mediaStore }: Config): Promise<void> {
  await users.isEmpty()
  if (mediaStore.kind !== 'disk') return
  // Opening the folder is enough.
  for await (const _ of media.list()) break
}

/** The settings that are options of the plugin; the others are the service's own. */
function profileOptions({
  host,
  port,
  database,
  mediaRoot,
  mediaStore,
  redisUrl,
  trustProxy,
  corsOrigins,
  logLevel,
  shutdownTimeoutMs,
  drainDelayMs,
  metrics,
  tracing,
  bodyTimeoutMs,
  maxConnections,
  maxEventLoopDelayMs,
  firstAdmin,
  jwtSecret,
  jwks,
  ...options
}: Config) {
  return options
}

/** Whose tokens are taken: the settings have one of the two. */
const tokenOptions = ({ jwks, jwtSecret = '' }: Config) => (jwks ? { jwks } : { jwtSecret })

/**
 * Request lines name the path without its query, and no header: either may carry a token. At the level `trace`
 * @fastify/multipart logs the headers of uploads, which are left out too.
 */
export function loggerFor(level: string) {
  return {
    level,
    redact: { paths: ['busboyOptions.headers'], remove: true },
    serializers: {
      req: ({ method, url, ip }: { method: string; url: string; ip?: string }) => ({
        method,
        path: shownPath(url),
        ip
      })
    }
  }
}
