import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { discardUpload, type UploadedFile, uploadedFile } from '../src/avatars/uploaded-file.ts'
import { errors, ServiceError } from '../src/errors.ts'
import { translateDiskError } from '../src/stores/disk/disk-media-store.ts'

export interface FormOptions {
  /** The field that takes a file; none where the form has texts only. */
  fileField?: string
  /** @default 0 */
  maxFileBytes?: number
}

const MAX_FIELDS = 100
const MAX_FILES = 10
const MAX_TEXT_BYTES = 1_048_576
/** Stands for a file where a text was asked for, so that it is refused as "not a valid string". */
const UNWANTED_FILE = Object.freeze({})

/**
 * Reads a multipart body into an object: texts as texts, the file as an `UploadedFile` in `folder`, the last of each
 * name. Whatever fails, no file is left behind.
 * @throws `body_too_large`, `avatar_too_large` (413), `parse_error` (400), `storage_full` (507), `unavailable` (503)
 */
export async function readMultipart(
  request: FastifyRequest,
  folder: string,
  { fileField, maxFileBytes = 0 }: FormOptions
): Promise<Record<string, unknown>> {
  const body: Record<string, unknown> = {}
  let upload: UploadedFile | undefined
  let textBytes = 0
  const limits = {
    fileSize: maxFileBytes,
    files: fileField === undefined ? 0 : MAX_FILES,
    fields: MAX_FIELDS,
    parts: MAX_FIELDS + MAX_FILES,
    fieldSize: MAX_TEXT_BYTES
  }
  const maxBodyBytes = 2 * maxFileBytes + MAX_TEXT_BYTES
  const tooLarge = () =>
    fileField === undefined ? errors.bodyTooLarge() : errors.avatarTooLarge(maxFileBytes)
  if (Number(request.headers['content-length']) > maxBodyBytes) throw tooLarge()
  const flood = guardAgainstFlood(request, maxBodyBytes)
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'field') {
        textBytes += Buffer.byteLength(String(part.value))
        if (part.valueTruncated || textBytes > MAX_TEXT_BYTES) throw errors.bodyTooLarge()
        body[part.fieldname] = part.value
      } else if (part.fieldname !== fileField) {
        flood.watch(part)
        part.file.resume()
        body[part.fieldname] = UNWANTED_FILE
      } else {
        flood.watch(part)
        if (upload) await discardUpload(upload)
        upload = undefined
        const received = await receive(part, folder, maxFileBytes)
        if (received) upload = received
        body[fileField] = received ?? null
      }
    }
    if (flood.happened) throw tooLarge()
    return body
  } catch (error) {
    if (upload) await discardUpload(upload)
    throw flood.happened ? tooLarge() : translateMultipartError(error)
  }
}

/** Streams one file to disk. Undefined for what browsers send where no file was chosen: no name and no bytes. */
async function receive(
  part: MultipartFile,
  folder: string,
  maxBytes: number
): Promise<UploadedFile | undefined> {
  const path = join(folder, randomUUID())
  const target = createWriteStream(path, { flags: 'wx', mode: 0o600 })
  try {
    await pipeline(part.file, target)
    // Only once the stream is drained is it known whether it was cut off at the limit.
    if (part.file.truncated) throw errors.avatarTooLarge(maxBytes)
    if (target.bytesWritten > 0 || part.filename) return uploadedFile(path, target.bytesWritten)
  } catch (error) {
    await rm(path, { force: true })
    throw translateDiskError(error)
  }
  await rm(path, { force: true })
  return undefined
}

/**
 * A file over the limit is drained, unstored, so that its sender gets to read the answer; but not for ever. Past
 * `maxBytes` of body the file's stream is ended, and the connection closes after the answer.
 */
function guardAgainstFlood(request: FastifyRequest, maxBytes: number) {
  let seen = 0
  let current: MultipartFile | undefined
  const guard = {
    happened: false,
    watch(part: MultipartFile) {
      current = part
    }
  }
  request.raw.on('data', (chunk: Buffer) => {
    seen += chunk.length
    if (seen <= maxBytes || guard.happened) return
    guard.happened = true
    if (current) current.file.destroy()
    else request.raw.destroy()
  })
  return guard
}

const CLOSED_EARLY = new Set(['FST_MP_PREMATURE_CLOSE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET'])

function translateMultipartError(error: unknown): unknown {
  if (error instanceof ServiceError || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (/^FST_(PARTS|FILES|FIELDS)_LIMIT$/.test(code)) return errors.bodyTooLarge()
  if (code === 'FST_PROTO_VIOLATION')
    return errors.multipartParseError('a field has a name that is not allowed')
  if (code === 'FST_INVALID_JSON_FIELD_ERROR')
    return errors.multipartParseError('a field is not the JSON it claims to be')
  if (CLOSED_EARLY.has(code)) return errors.multipartParseError('the connection closed early')
  // Busboy's errors have no code; anything with one is a fault of the disk or of ours.
  return code === '' ? errors.multipartParseError(error.message) : error
}
