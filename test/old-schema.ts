import { readMigrationFiles } from 'drizzle-orm/migrator'

interface OldSchema {
  /** What made it. */
  statements: string[]
  /** What Drizzle keeps of that. */
  seen: { hash: string; createdAt: number }[]
}

/** The schema of a database that has seen so many migrations. */
export function oldSchema(kind: 'sqlite' | 'postgres', migrations: number): OldSchema {
  const files = readMigrationFiles({ migrationsFolder: `drizzle/${kind}` }).slice(0, migrations)
  return {
    statements: files.flatMap(({ sql }) => sql),
    seen: files.map(({ hash, folderMillis }) => ({ hash, createdAt: folderMillis }))
  }
}
