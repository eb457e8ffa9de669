/** Where rows are kept: in a file here (`:memory:` for none), or on a server. */
export type DatabaseSetting = { kind: 'sqlite'; path: string } | PostgresSetting

export interface PostgresSetting {
  kind: 'postgres'
  /** As it was set, with user and password: for the driver alone. */
  url: string
}

/** Where pictures are kept. */
export type MediaSetting = DiskSetting | S3Setting

export interface DiskSetting {
  kind: 'disk'
  /** The folder of the pictures themselves. */
  folder: string
}

export interface S3Setting {
  kind: 's3'
  bucket: string
  /** In front of each object's key, with a slash at its end; empty for none. */
  prefix: string
}

/** The file of a database that is one. @throws Error where it is on a server */
export function fileOf(database: DatabaseSetting): string {
  if (database.kind === 'sqlite') return database.path
  throw new Error('the database is no file here')
}
