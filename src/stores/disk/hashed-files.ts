import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'

/** What a file holds, in short. */
export interface FileDigest {
  bytes: number
  /** In lower-case hexadecimal digits. */
  sha256: string
}

interface CopyOptions {
  /** The process's umask takes its part. */
  mode: number
  /** Ends it between two pieces. */
  signal: AbortSignal
}

/** So much of a file is in memory at once. */
const PIECE_BYTES = 262_144

/** Reads an open file from its beginning. */
export const hashFile = (file: FileHandle, signal: AbortSignal): Promise<FileDigest> =>
  readHashed(file, signal, async () => {})

/**
 * Copies an open file, from its beginning, into a new one. Once this resolves, its bytes survive a power cut; its name does
 * once its folder is synced.
 */
export async function copyHashed(
  source: FileHandle,
  path: string,
  { mode, signal }: CopyOptions
): Promise<FileDigest> {
  const copy = await open(path, 'wx', mode)
  try {
    const digest = await readHashed(source, signal, (piece) => copy.writeFile(piece))
    await copy.sync()
    return digest
  } finally {
    await copy.close()
  }
}

async function readHashed(
  file: FileHandle,
  signal: AbortSignal,
  use: (piece: Buffer) => Promise<void>
): Promise<FileDigest> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(PIECE_BYTES)
  for (let bytes = 0; ; ) {
    signal.throwIfAborted()
    const { bytesRead } = await file.read(buffer, 0, PIECE_BYTES, bytes)
    if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') }
    const piece = buffer.subarray(0, bytesRead)
    hash.update(piece)
    await use(piece)
    bytes += bytesRead
  }
}
