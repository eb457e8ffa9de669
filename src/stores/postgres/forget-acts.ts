import type { Placeholder, SQL } from 'drizzle-orm'
import { sql } from './drizzle.ts'
import { auditLog } from './schema.ts'

/** Takes old and new values out of the acts upon a user; also of acts that somebody is finishing: their rows are waited for. */
export const forgetActs = (target: Placeholder): SQL =>
  sql`update ${auditLog} set changes = null
    where ${auditLog.targetId} = ${target} and (${auditLog.changes} is not null or ${auditLog.outcome} = 'begun')`
