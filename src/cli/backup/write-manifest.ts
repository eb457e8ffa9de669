import { createHash } from 'node:crypto'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../../stores/disk/synced-files.ts'
import {
  CHECKSUM_BEGIN,
  CHECKSUM_END,
  FILES_BEGIN,
  type FileEntry,
  MANIFEST,
  type ManifestHead,
  MISSING_BEGIN
} from './manifest.ts'

const PIECE_CHARACTERS = 65_536

/** Makes the folder a backup: under its own name there is a whole manifest or none, also after a power cut. */
export async function writeManifest(
  folder: string,
  head: ManifestHead,
  files: Iterable<FileEntry>,
  missing: Iterable<string>
): Promise<void> {
  const unfinished = join(folder, `${MANIFEST}.unfinished`)
  const file = await open(unfinished, 'wx', 0o600)
  try {
    const hash = createHash('sha256')
    for (const piece of piecesOf(contentOf(head, files, missing))) {
      hash.update(piece)
      await file.writeFile(piece)
    }
    await file.writeFile(`${CHECKSUM_BEGIN}${hash.digest('hex')}${CHECKSUM_END}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(unfinished, join(folder, MANIFEST))
  await syncFolder(folder)
}

/** All that the checksum is of. */
function* contentOf(head: ManifestHead, files: Iterable<FileEntry>, missing: Iterable<string>) {
  yield `${JSON.stringify(head).slice(0, -1)}${FILES_BEGIN}\n`
  yield* lines(files)
  yield `${MISSING_BEGIN}\n`
  yield* lines(missing)
}

function* lines(items: Iterable<FileEntry | string>): Iterable<string> {
  let previous: string | undefined
  for (const item of items) {
    if (previous !== undefined) yield `${previous},\n`
    previous = JSON.stringify(item)
  }
  if (previous !== undefined) yield `${previous}\n`
}

function* piecesOf(texts: Iterable<string>): Iterable<string> {
  let piece = ''
  for (const text of texts) {
    piece += text
    if (piece.length < PIECE_CHARACTERS) continue
    yield piece
    piece = ''
  }
  yield piece
}
