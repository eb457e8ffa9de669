import { rm } from 'node:fs/promises'

/** A file that a client sent, in a private place, counted and complete. */
export interface UploadedFile {
  readonly path: string
  readonly bytes: number
}

/** Only this module can put it on an object, so that no JSON can pass itself off as a file that was received. */
const RECEIVED = Symbol('received file')

export function uploadedFile(path: string, bytes: number): UploadedFile {
  return Object.defineProperty({ path, bytes }, RECEIVED, { value: true })
}

export const isUploadedFile = (value: unknown): value is UploadedFile =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, RECEIVED)

export async function discardUpload(file: UploadedFile): Promise<void> {
  await rm(file.path, { force: true })
}
