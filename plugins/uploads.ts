import { mkdir, rm } from 'node:fs/promises'
import fastifyMultipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Clock } from '../src/clock.ts'
import { findAbandonedUploads } from '../src/stores/disk/abandoned-uploads.ts'
import { everyHour } from './every-hour.ts'
import { type FormOptions, readMultipart } from './read-multipart.ts'

export interface UploadsOptions {
  /** A private folder for files on their way; made where missing. What a crash left there is removed hourly. */
  folder: string
  /** How long a multipart body may take to arrive, in milliseconds. */
  timeoutMs: number
  clock: Clock
}

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * A `preValidation` hook that turns a multipart body into an object on `request.body`: texts as texts, the file
     * as an `UploadedFile`, the last of each name. Who handles the request discards the file.
     */
    readForm(options?: FormOptions): (request: FastifyRequest) => Promise<void>
  }
}

/** Multipart bodies over @fastify/multipart, with limits per call; files are streamed to disk while counted. */
export default fp<UploadsOptions>(
  async (app: FastifyInstance, { folder, timeoutMs, clock }) => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    everyHour(app, 'removing abandoned uploads', async () => {
      for await (const { path } of findAbandonedUploads({ folder, timeoutMs, clock }))
        await rm(path, { force: true })
    })
    await app.register(fastifyMultipart, { throwFileSizeLimit: false })
    app.decorate('readForm', (options = {}) => async (request: FastifyRequest) => {
      if (request.isMultipart()) request.body = await readMultipart(request, { folder, timeoutMs }, options)
      // No body at all says as little as an empty one.
      if (request.body === undefined) request.body = {}
    })
  },
  { name: 'user-profile-uploads', fastify: '5.x' }
)
