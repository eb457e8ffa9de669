import type { Action, AuditLog } from '../../admin/audit-log.ts'
import { actOf, columnsOf } from '../act-columns.ts'
import { writeChanges } from '../changes-text.ts'
import { and, desc, eq, lt, sql } from './drizzle.ts'
import { prepareForget } from './forget-acts.ts'
import type { GroupCommit } from './group-commit.ts'
import { prepareWrite } from './prepare-write.ts'
import { auditLog, users } from './schema.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { read } from './sqlite-errors.ts'

const placeholder = sql.placeholder

const FREES = { frees: true }

/** What ends somebody's access or gives room back is done while the disk is full too, and so it is written down then. */
const FREEING = new Set<Action>(['deactivate', 'end_sessions', 'revoke_staff', 'remove_avatar', 'delete'])

/** `AuditLog` over SQLite. */
export function createSqliteAuditLog(db: SqliteDatabase, commits: GroupCommit): AuditLog {
  const insert = db
    .insert(auditLog)
    .values({
      at: placeholder('at'),
      actorId: placeholder('actorId'),
      actorUsername: placeholder('actorUsername'),
      targetId: placeholder('targetId'),
      targetUsername: placeholder('targetUsername'),
      action: placeholder('action'),
      address: placeholder('address'),
      outcome: placeholder('outcome'),
      // Who is gone by now is nobody whose values are kept: an act upon them may stay begun.
      changes: sql`case when exists (select 1 from ${users} where ${users.id} = ${placeholder('targetId')}) then ${placeholder('changes')} end`
    })
    .returning({ id: auditLog.id })
    .prepare()
  const isThere = sql`exists (select 1 from ${users} where ${users.id} = ${auditLog.targetId})`
  const finish = prepareWrite(
    db,
    db
      .update(auditLog)
      .set({
        outcome: sql`${placeholder('outcome')}`,
        // Nothing is kept of who was deleted meanwhile.
        changes: sql`case when ${isThere} then ${placeholder('changes')} end`
      })
      .where(eq(auditLog.id, placeholder('id')))
  )
  const forget = prepareForget(db)
  const before = lt(auditLog.id, placeholder('before'))
  const page = (where: typeof before | ReturnType<typeof and>) =>
    db.select().from(auditLog).where(where).orderBy(desc(auditLog.id)).limit(placeholder('limit')).prepare()
  const all = page(before)
  const ofTarget = page(and(eq(auditLog.targetId, placeholder('target')), before))

  return {
    begin: (act) =>
      commits.runStatement(() => insert.get({ ...columnsOf(act), outcome: 'begun' }).id, {
        frees: FREEING.has(act.action)
      }),

    finish: (id, outcome, changes) =>
      commits.runStatement(() => void finish({ id, outcome, changes: writeChanges(changes) }), FREES),

    list: ({ target, before = Number.MAX_SAFE_INTEGER, limit }) =>
      read(() =>
        (target === undefined ? all.all({ before, limit }) : ofTarget.all({ target, before, limit })).map(
          actOf
        )
      ),

    forgetChanges: (target) => commits.runStatement(() => void forget({ target }), FREES)
  }
}
