import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { discardUpload, type UploadedFile, uploadedFile } from '../../src/avatars/uploaded-file.ts'
import { errorCode } from '../../src/error-code.ts'
import { errors, ServiceError } from '../../src/errors.ts'
import { translateDiskError } from '../../src/stores/disk/disk-errors.ts'
import type { Parts } from './multipart.ts'

export interface FormOptions {
  /** The field that takes a file; none where the form has texts only. */
  fileField?: string
  /** Bytes of the file. @default 1048576 */
  maxFileBytes?: number
}

export interface ReceivingOptions {
  /** Where the file goes. */
  folder: string
  /** How long the body may take to arrive, in milliseconds. */
  timeoutMs: number
}

const MAX_FIELDS = 100
const MAX_FILES = 10
const MAX_TEXT_BYTES = 1_048_576
/** What gathers of a file while the disk is busy is written at once: each write waits for a thread. */
const WRITE_BYTES = 524_288
/** Stands for a file where a text was asked for, so that it is refused as "not a valid string". */
const UNWANTED_FILE = Object.freeze({})

/** A form as far as it has been read. */
interface Form {
  body: Record<string, unknown>
  upload?: UploadedFile | undefined
}

/**
 * Reads a multipart body into an object: texts as texts, the file as an `UploadedFile` in `folder`, the last of each
 * name. Where it fails, no file is left behind.
 * @throws `body_too_large`, `avatar_too_large` (413), `request_timeout`, `upload_timeout` (408), `parse_error` (400),
 * `storage_full` (507), `unavailable` (503)
 */
export async function readMultipart(
  request: FastifyRequest,
  parts: Parts,
  { folder, timeoutMs }: ReceivingOptions,
  options: FormOptions
): Promise<Record<string, unknown>> {
  const { fileField, maxFileBytes = MAX_TEXT_BYTES } = options
  const tooLarge = () =>
    fileField === undefined ? errors.bodyTooLarge() : errors.avatarTooLarge(maxFileBytes)
  const tooLate = () =>
    fileField === undefined ? errors.requestTimeout() : errors.uploadTimeout(fileField, timeoutMs)
  const maxBytes = 2 * maxFileBytes + MAX_TEXT_BYTES
  const form: Form = { body: {} }
  const refusal = new AbortController()
  const { signal } = refusal
  const refused = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  let bytes = 0
  const count = (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > maxBytes) refusal.abort(tooLarge())
  }
  const timer = setTimeout(() => refusal.abort(tooLate()), timeoutMs)
  try {
    if (Number(request.headers['content-length']) > maxBytes) throw tooLarge()
    request.raw.on('data', count)
    const reading = readForm(parts, form, { folder, fileField, maxFileBytes, signal })
    await Promise.race([reading, refused])
    return form.body
  } catch (error) {
    if (form.upload) await discardUpload(form.upload)
    throw translateMultipartError(error)
  } finally {
    clearTimeout(timer)
    request.raw.off('data', count)
  }
}

interface ReadOptions {
  folder: string
  fileField: string | undefined
  maxFileBytes: number
  /** Fires when the body as a whole gets too large or takes too long; files on their way to the disk stop there. */
  signal: AbortSignal
}

async function readForm(openParts: Parts, form: Form, options: ReadOptions): Promise<void> {
  const { folder, fileField, maxFileBytes, signal } = options
  const limits = {
    fileSize: maxFileBytes,
    files: MAX_FILES,
    fields: MAX_FIELDS,
    parts: MAX_FIELDS + MAX_FILES,
    fieldSize: MAX_TEXT_BYTES
  }
  let textBytes = 0
  for await (const part of openParts({ limits })) {
    // Of each name the last counts.
    if (part.fieldname === fileField && form.upload) {
      await discardUpload(form.upload)
      form.upload = undefined
    }
    if (part.type === 'field') {
      textBytes += sizeOf(part.value)
      if (part.valueTruncated || textBytes > MAX_TEXT_BYTES) throw errors.bodyTooLarge()
      form.body[part.fieldname] = part.value
    } else if (part.fieldname === fileField) {
      form.upload = await receive(part, folder, maxFileBytes, signal)
      form.body[fileField] = form.upload ?? null
    } else {
      part.file.resume()
      form.body[part.fieldname] = UNWANTED_FILE
    }
  }
}

/** Bytes of a text; of a part that came as JSON, about as many as it had. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  try {
    return Buffer.byteLength(JSON.stringify(value))
  } catch {
    // Nested too deep to be written again.
    throw errors.bodyTooLarge()
  }
}

/**
 * Streams one file to disk, and stops at the limit. Undefined for what browsers send where no file was chosen: no
 * name and no bytes.
 */
async function receive(
  part: MultipartFile,
  folder: string,
  maxBytes: number,
  signal: AbortSignal
): Promise<UploadedFile | undefined> {
  const path = join(folder, randomUUID())
  const target = createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark: WRITE_BYTES })
  part.file.once('limit', () => part.file.destroy(errors.avatarTooLarge(maxBytes)))
  try {
    await pipeline(part.file, target, { signal })
    signal.throwIfAborted()
    // The event may have come before anybody listened; whether the file was cut off is known once it is drained.
    if (part.file.truncated) throw errors.avatarTooLarge(maxBytes)
    if (target.bytesWritten > 0 || part.filename) return uploadedFile(path, target.bytesWritten)
  } catch (error) {
    await rm(path, { force: true })
    throw translateDiskError(error)
  }
  await rm(path, { force: true })
  return undefined
}

const CLOSED_EARLY = new Set(['FST_MP_PREMATURE_CLOSE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET'])

function translateMultipartError(error: unknown): unknown {
  if (error instanceof ServiceError || !(error instanceof Error)) return error
  const code = errorCode(error)
  if (/^FST_(PARTS|FILES|FIELDS)_LIMIT$/.test(code)) return errors.bodyTooLarge()
  if (code === 'FST_PROTO_VIOLATION')
    return errors.multipartParseError('a field has a name that is not allowed')
  if (code === 'FST_INVALID_JSON_FIELD_ERROR')
    return errors.multipartParseError('a field is not the JSON it claims to be')
  if (CLOSED_EARLY.has(code)) return errors.multipartParseError('the connection closed early')
  // Busboy's errors have no code; anything with one is a fault of the disk or of ours.
  return code === '' ? errors.multipartParseError(error.message) : error
}
