import { rm } from 'node:fs/promises'

/** A file that a client sent, in a private place, counted and complete. */
export interface UploadedFile {
  readonly path: string
  readonly bytes: number
}

/** Only files that this process received are known here, so that no JSON can pass itself off as one. */
const received = new WeakSet<object>()

export function uploadedFile(path: string, bytes: number): UploadedFile {
  const file = { path, bytes }
  received.add(file)
  return file
}

export const isUploadedFile = (value: unknown): value is UploadedFile =>
  typeof value === 'object' && value !== null && received.has(value)

export async function discardUpload(file: UploadedFile): Promise<void> {
  await rm(file.path, { force: true })
}
