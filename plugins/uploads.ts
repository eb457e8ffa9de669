import { resolve } from 'node:path'
import fp from 'fastify-plugin'
import { type Clock, systemClock } from '../src/clock.ts'
import { DEFAULTS } from '../src/defaults.ts'
import { aNumber, aPort, aText, checkOptions } from '../src/options/check-options.ts'
import { openFormReader, type ReadForm } from './forms/form-reader.ts'
import { haveMultipart } from './forms/multipart.ts'

export interface UploadsOptions {
  /** A private folder for files on their way; made where missing. What a crash left there is removed hourly. */
  folder: string
  /** How long a multipart body may take to arrive, in milliseconds, 1000 to 3600000. @default 120000 */
  timeoutMs?: number
  /** @default the system's */
  clock?: Clock
}

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * A `preValidation` hook that turns a multipart body into an object on `request.body`: texts as texts, the file
     * as an `UploadedFile`, the last of each name. Who handles the request discards the file.
     */
    readForm: ReadForm
  }
}

const RULES = { folder: aText, timeoutMs: aNumber('uploadTimeoutMs'), clock: aPort('now') }

/** Multipart bodies over @fastify/multipart, with limits per call; files are streamed to disk while counted. */
export default fp<UploadsOptions>(
  async (app, options) => {
    checkOptions(options, RULES, ['folder'])
    const { folder, timeoutMs = DEFAULTS.uploadTimeoutMs, clock = systemClock } = options
    const reader = { folder: resolve(folder), timeoutMs, clock, log: app.log }
    app.decorate('readForm', await openFormReader(app, await haveMultipart(app), reader))
  },
  { name: 'user-profile-uploads', fastify: '5.x' }
)
