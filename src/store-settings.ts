/** Where rows are kept: in a file here (`:memory:` for none), or on a server. */
export type DatabaseSetting = { kind: 'sqlite'; path: string } | PostgresSetting

export interface PostgresSetting {
  kind: 'postgres'
  /** As it was set, with user and password: for the driver alone. */
  url: string
  /** Connections of this process, at most. */
  poolSize: number
  connectTimeoutMs: number
  statementTimeoutMs: number
}

/**
 * Ten connections keep four processors of a database busy, and leave room for nine more nodes where it takes a hundred. What
 * takes longer than five seconds is a server in trouble: every statement is of one row, or one page of them.
 */
export const POSTGRES_DEFAULTS = { poolSize: 10, connectTimeoutMs: 5000, statementTimeoutMs: 5000 }

/** Where pictures are kept. */
export type MediaSetting = DiskSetting | S3Setting

export interface DiskSetting {
  kind: 'disk'
  /** The folder of the pictures themselves. */
  folder: string
}

export interface S3Setting extends S3Options {
  kind: 's3'
}

/** A bucket, and how it is reached. What is not said, the AWS SDK finds where it always does. */
export interface S3Options {
  bucket: string
  /** In front of each object's key, with a slash at its end. @default '' */
  prefix?: string
  /** @default that of the environment or the shared files; with `endpoint` 'us-east-1' */
  region?: string
  /** The URL of a server that is not AWS's. */
  endpoint?: string
  /** Whether the bucket is in the URL's path instead of its host's name. @default true with `endpoint` */
  pathStyle?: boolean
  /** @default those of the environment, the shared files or the machine's role */
  credentials?: S3Credentials
  /** When requests bring checksums besides that of their signature; older servers refuse them. @default 'when_supported' */
  checksums?: 'when_supported' | 'when_required'
  /** How pictures get to clients. @default through the service */
  delivery?: S3Delivery
}

export interface S3Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

/**
 * `proxy`: through the service. `public`: by a redirect to a URL that everybody may read, which stands for the prefix.
 * `presigned`: by a redirect to a signed URL, on the server as clients reach it.
 */
export type S3Delivery =
  | { kind: 'proxy' }
  | { kind: 'public'; url: string }
  | { kind: 'presigned'; lifetimeSeconds: number; endpoint?: string }

/** The file of a database that is one. @throws Error where it is on a server */
export function fileOf(database: DatabaseSetting): string {
  if (database.kind === 'sqlite') return database.path
  throw new Error('the database is no file here')
}
