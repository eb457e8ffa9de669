import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface InstallOptions {
  /** The peer's files, lock file included, which are copied to `target`. */
  source: string
  /** A folder of this peer's own in the cache. */
  target: string
  /** Fetches and builds in `target`. @returns the versions it installed */
  build(target: string): Promise<Record<string, string>>
}

interface Stamp {
  hash: string
  versions: Record<string, string>
}

/** Installs a peer, unless what is in the cache came from the very same files. @returns the installed versions */
export async function installOnce({
  source,
  target,
  build
}: InstallOptions): Promise<Record<string, string>> {
  const stampFile = join(target, 'installed.json')
  const hash = await hashOf(source)
  const stamp = await readStamp(stampFile)
  if (stamp?.hash === hash) return stamp.versions

  // The stamp is written last, so an install that broke off is begun anew.
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  await cp(source, target, { recursive: true })
  const versions = await build(target)
  await writeFile(stampFile, JSON.stringify({ hash, versions } satisfies Stamp))
  return versions
}

async function hashOf(folder: string): Promise<string> {
  const hash = createHash('sha256')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  for (const file of files.sort()) hash.update(file.slice(folder.length)).update(await readFile(file))
  return hash.digest('hex')
}

async function readStamp(file: string): Promise<Stamp | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}
