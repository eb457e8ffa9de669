import type { SQL } from 'drizzle-orm'
import type { AuditLog } from '../../admin/audit-log.ts'
import { actOf, columnsOf } from '../act-columns.ts'
import { writeChanges } from '../changes-text.ts'
import { and, build, desc, eq, lt, sql } from './drizzle.ts'
import { forgetActs } from './forget-acts.ts'
import type { PostgresDatabase } from './postgres-database.ts'
import { auditLog, users } from './schema.ts'
import { prepare, prepareSql } from './statement.ts'

const placeholder = sql.placeholder

/** Who is gone by now is nobody whose values are kept: an act upon them may stay begun. */
const insert = prepareSql<{ id: number }>(
  'act_begin',
  sql`insert into ${auditLog}
      (at, actor_id, actor_username, target_id, target_username, action, address, outcome, changes)
    values (${placeholder('at')}, ${placeholder('actorId')}, ${placeholder('actorUsername')}, ${placeholder('targetId')},
      ${placeholder('targetUsername')}, ${placeholder('action')}, ${placeholder('address')}, 'begun',
      case when exists (select from ${users} where ${users.id} = ${placeholder('targetId')}) then ${placeholder('changes')}::text end)
    returning id`,
  { id: auditLog.id }
)

/** Keeps an act's user there until the transaction ends. A deletion takes the user first too, and then the acts. */
const holdTarget = prepareSql<never>(
  'act_hold_target',
  sql`select from ${users} where ${users.id} = (select target_id from ${auditLog} where id = ${placeholder('id')}) for key share`,
  {}
)

/** Nothing is kept of who was deleted meanwhile. */
const finish = prepareSql<never>(
  'act_finish',
  sql`update ${auditLog} set outcome = ${placeholder('outcome')},
      changes = case when exists (select from ${users} where ${users.id} = ${auditLog.targetId}) then ${placeholder('changes')}::text end
    where ${auditLog.id} = ${placeholder('id')}`,
  {}
)

const forget = prepareSql<never>('acts_forget', forgetActs(placeholder('target')), {})

const columns = {
  id: auditLog.id,
  at: auditLog.at,
  actorId: auditLog.actorId,
  actorUsername: auditLog.actorUsername,
  targetId: auditLog.targetId,
  targetUsername: auditLog.targetUsername,
  action: auditLog.action,
  address: auditLog.address,
  outcome: auditLog.outcome,
  changes: auditLog.changes
}

const before = lt(auditLog.id, placeholder('before'))
const page = (name: string, where: SQL | undefined) =>
  prepare(
    name,
    build.select(columns).from(auditLog).where(where).orderBy(desc(auditLog.id)).limit(placeholder('limit')),
    columns
  )
const all = page('acts', before)
const ofTarget = page('acts_of', and(eq(auditLog.targetId, placeholder('target')), before))

/** `AuditLog` over PostgreSQL. */
export function createPostgresAuditLog(database: PostgresDatabase): AuditLog {
  return {
    async begin(act) {
      const begun = await database.runOne(insert, columnsOf(act))
      if (!begun) throw new Error('a new act was not answered')
      return begun.id
    },

    async finish(id, outcome, changes) {
      await database.transaction(async (run) => {
        // Or the statement could still see a user whose deletion, and all forgetting, is over when it writes.
        await run(holdTarget, { id })
        await run(finish, { id, outcome, changes: writeChanges(changes) })
      })
    },

    async list({ target, before = Number.MAX_SAFE_INTEGER, limit }) {
      const rows = await database.run(target === undefined ? all : ofTarget, { target, before, limit })
      return rows.map(actOf)
    },

    async forgetChanges(target) {
      await database.run(forget, { target })
    }
  }
}
