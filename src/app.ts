import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { createConnections } from '../plugins/connections.ts'
import { sendError } from '../plugins/errors.ts'
import { answerExpectations } from '../plugins/expect-continue.ts'
import { RequestLog } from '../plugins/request-log.ts'
import openStores, { type OpenStores } from '../plugins/stores.ts'
import userProfile from '../plugins/user-profile.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { openLogOutput } from './log-output.ts'

export interface AppOptions {
  config: Config
  /** Fastify's logger, where it is not to be made from the settings. */
  logger?: Exclude<FastifyServerOptions['logger'], undefined>
  clock?: Clock
  /** Users, sessions and pictures, where they are not those that the settings name. */
  stores?: OpenStores
}

/** A request, headers and body, has to arrive within this time, */
const REQUEST_TIMEOUT_MS = 120_000
/** or within so much more than an upload may take: an upload's own refusal comes first. */
const BEYOND_UPLOAD_MS = 10_000

/** The service as a Fastify app, not yet listening. */
export async function buildApp({ config, logger, clock, stores }: AppOptions): Promise<FastifyInstance> {
  // As a plugin's option, Fastify would apply `logLevel` to that scope.
  const { logLevel, ...options } = config
  const connections = createConnections()
  const app = Fastify({
    logger: logger ?? (logLevel !== 'silent' && { ...loggerFor(logLevel), stream: openLogOutput() }),
    logController: new RequestLog(),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    requestTimeout: Math.max(REQUEST_TIMEOUT_MS, config.uploadTimeoutMs + BEYOND_UPLOAD_MS),
    // Addresses only: a number of hops would trust whoever connects directly.
    trustProxy: config.trustProxy.length > 0 ? config.trustProxy : false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    frameworkErrors: sendError,
    clientErrorHandler: connections.answerClientError
  })
  if (config.corsOrigins.length > 0) {
    await app.register(import('@fastify/cors'), {
      origin: config.corsOrigins,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      strictPreflight: false,
      exposedHeaders: ['Retry-After', 'WWW-Authenticate'],
      maxAge: 86_400
    })
  }
  const avatarFolder = join(config.mediaRoot, 'avatars')
  const uploadFolder = join(config.mediaRoot, '.uploads')
  if (stores) app.decorate('stores', stores)
  else {
    const { databasePath, libravatar: keepEmailHashes } = config
    await app.register(openStores, { databasePath, avatarFolder, keepEmailHashes })
  }
  const ours = { stores: app.stores, avatarFolder, uploadFolder, ...(clock && { clock }) }
  await app.register(userProfile, { ...options, ...ours })
  connections.watch(app)
  answerExpectations(app)
  return app
}

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
        path: url.split('?', 1)[0],
        ip
      })
    }
  }
}
