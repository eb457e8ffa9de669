import { eq, sql } from './drizzle.ts'
import { prepareWrite, type Write } from './prepare-write.ts'
import { auditLog } from './schema.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

/** Takes old and new values out of the acts upon `target`. */
export const prepareForget = (db: SqliteDatabase): Write =>
  prepareWrite(
    db,
    db
      .update(auditLog)
      .set({ changes: sql`null` })
      .where(eq(auditLog.targetId, sql.placeholder('target')))
  )
