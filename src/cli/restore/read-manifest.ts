import { createHash } from 'node:crypto'
import { isMediaKey } from '../../avatars/media-paths.ts'
import {
  CHECKSUM_BEGIN,
  CHECKSUM_END,
  DATABASE,
  FILES_BEGIN,
  type FileEntry,
  FORMAT_VERSION,
  type ManifestHead,
  MISSING_BEGIN,
  PICTURES,
  PRODUCT,
  SECRET
} from '../backup/manifest.ts'
import { linesOf } from './lines-of.ts'

/** A manifest that is none, is damaged, or is of another program; its message is what is wrong with it. */
export class ManifestError extends Error {}

interface Reader {
  file(entry: FileEntry): void
  missing(name: string): void
}

/**
 * Reads a manifest line by line, tells what it names, and answers its head. What it was told counts only once this has
 * resolved, because the checksum comes last.
 * @throws {ManifestError}
 */
export async function readManifest(path: string, { file, missing }: Reader): Promise<ManifestHead> {
  const hash = createHash('sha256')
  let [head, checksum]: [ManifestHead | undefined, string | undefined] = [undefined, undefined]
  let part: 'head' | 'files' | 'missing' | 'end' = 'head'
  for await (const bytes of linesOf(path, damaged)) {
    const line = bytes.toString()
    if (part === 'end') throw damaged()
    if (line.startsWith(CHECKSUM_BEGIN) && part === 'missing') {
      checksum = hash.digest('hex')
      if (line !== `${CHECKSUM_BEGIN}${checksum}${CHECKSUM_END}`) throw damaged()
      part = 'end'
      continue
    }
    hash.update(bytes).update('\n')
    if (part === 'head') {
      head = readHead(line)
      part = 'files'
    } else if (line === MISSING_BEGIN && part === 'files') part = 'missing'
    else if (part === 'files') file(readEntry(line))
    else missing(readMissing(line))
  }
  if (!head || checksum === undefined) throw damaged()
  return head
}

const damaged = () => new ManifestError('manifest.json is damaged')

function readHead(line: string): ManifestHead {
  if (!line.endsWith(FILES_BEGIN)) throw damaged()
  const head = parse(`${line.slice(0, -FILES_BEGIN.length)}}`) as Partial<ManifestHead>
  if (head.product !== PRODUCT) throw new ManifestError('manifest.json is another program’s')
  if (!isCount(head.formatVersion)) throw damaged()
  if (head.formatVersion !== FORMAT_VERSION)
    throw new ManifestError(
      `the backup is of format ${head.formatVersion}, and this program knows ${FORMAT_VERSION} alone`
    )
  const { schema, counts, takenAt, productVersion } = head
  const numbers = [schema?.migrations, schema?.newest, counts?.users]
  numbers.push(counts?.pictures, counts?.missing, counts?.bytes)
  const isWhole =
    numbers.every(isCount) &&
    Number.isSafeInteger(schema?.userVersion) &&
    isTime(takenAt) &&
    typeof productVersion === 'string'
  if (!isWhole) throw damaged()
  return head as ManifestHead
}

function readEntry(line: string): FileEntry {
  const entry = parse(withoutComma(line)) as Partial<FileEntry>
  const { name, bytes, sha256 } = entry
  if (typeof name !== 'string' || !isCount(bytes)) throw damaged()
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) throw damaged()
  // Paths are made of it.
  if (!isFileOfBackup(name))
    throw new ManifestError(`manifest.json names ${JSON.stringify(name)}, which no backup has`)
  return { name, bytes, sha256 }
}

/** Only compared, never a path. */
function readMissing(line: string): string {
  const name = parse(withoutComma(line))
  if (typeof name !== 'string') throw damaged()
  return name
}

function isFileOfBackup(name: string): boolean {
  if (name === DATABASE || name === SECRET) return true
  return name.startsWith(`${PICTURES}/`) && isMediaKey(name.slice(PICTURES.length + 1))
}

const withoutComma = (line: string) => line.replace(/,$/, '')

function parse(text: string): unknown {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    throw damaged()
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
const isTime = (value: unknown) => typeof value === 'string' && new Date(value).toString() !== 'Invalid Date'
