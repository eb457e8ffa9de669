import type { FileDigest } from '../../stores/disk/hashed-files.ts'
import type { SchemaVersion } from '../../stores/sqlite/schema-version.ts'

/** Files of a backup, by their names in its folder. */
export const MANIFEST = 'manifest.json'
export const DATABASE = 'profile.db'
export const SECRET = 'jwt-secret'
export const PICTURES = 'avatars'

export const PRODUCT = 'fastify-user-profile'
/** Raised where an older program could not restore what a newer one backed up. */
export const FORMAT_VERSION = 1

/** What a manifest says of the whole. */
export interface ManifestHead {
  product: typeof PRODUCT
  formatVersion: number
  /** The program's that made it. */
  productVersion: string
  /** The instant that rows and pictures are of, by ISO 8601. */
  takenAt: string
  schema: SchemaVersion
  counts: { users: number; pictures: number; missing: number; bytes: number }
}

/** A file of a backup. The name is its path in the backup's folder, such as `avatars/3f9c….jpg`. */
export interface FileEntry extends FileDigest {
  name: string
}

/*
 * A manifest is one JSON object on lines of a fixed form, so that neither who writes nor who reads it needs it in memory: the
 * head, a line for each file, a line for each picture that a row names and that was not there, and the SHA-256 of all bytes
 * before the last line.
 */
export const FILES_BEGIN = ',"files":['
export const MISSING_BEGIN = '],"missing":['
export const CHECKSUM_BEGIN = '],"checksum":"'
export const CHECKSUM_END = '"}'
