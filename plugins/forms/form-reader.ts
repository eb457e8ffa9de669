import { mkdir, rm } from 'node:fs/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Clock } from '../../src/clock.ts'
import type { Log } from '../../src/log.ts'
import { findAbandonedUploads } from '../../src/stores/disk/abandoned-uploads.ts'
import { everyHour } from '../user-profile/every-hour.ts'
import type { OpenParts } from './multipart.ts'
import { type FormOptions, readMultipart } from './read-multipart.ts'

export interface FormReaderOptions {
  /** A private folder for files on their way; made where missing. What a crash left there is removed hourly. */
  folder: string
  /** How long a multipart body may take to arrive, in milliseconds. */
  timeoutMs: number
  clock: Clock
  log: Log
}

/**
 * Makes a `preValidation` hook that turns a multipart body into an object on `request.body`: texts as texts, the file as
 * an `UploadedFile`, the last of each name. Who handles the request discards the file.
 */
export type ReadForm = (options?: FormOptions) => (request: FastifyRequest) => Promise<void>

/** Multipart bodies for a scope, with limits per call; files are streamed to disk while counted. */
export async function openFormReader(
  app: FastifyInstance,
  openParts: OpenParts,
  { folder, timeoutMs, clock, log }: FormReaderOptions
): Promise<ReadForm> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  everyHour(app, log, 'removing abandoned uploads', async () => {
    for await (const { path } of findAbandonedUploads({ folder, timeoutMs, clock }))
      await rm(path, { force: true })
  })
  return (options = {}) =>
    async (request) => {
      const parts = openParts(request)
      if (parts) request.body = await readMultipart(request, parts, { folder, timeoutMs }, options)
      // No body at all says as little as an empty one.
      if (request.body === undefined) request.body = {}
    }
}
