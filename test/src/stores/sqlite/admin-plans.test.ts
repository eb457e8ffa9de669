import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { createGroupCommit } from '../../../../src/stores/sqlite/group-commit.ts'
import { openDatabase } from '../../../../src/stores/sqlite/open-database.ts'
import { createSqliteAdminStore } from '../../../../src/stores/sqlite/sqlite-admin-store.ts'
import { createSqliteAuditLog } from '../../../../src/stores/sqlite/sqlite-audit-log.ts'

const db = openDatabase(':memory:', { busyTimeoutMs: 0, cacheKib: 1000 })
t.teardown(() => db.$client.close())

/** How SQLite goes about each statement that is prepared. */
async function plansOf(t: Test, prepare: () => unknown): Promise<{ sql: string; plan: string[] }[]> {
  const seen: string[] = []
  const original = Database.prototype.prepare
  const restore = t.intercept(Database.prototype, 'prepare', {
    value(this: Database.Database, source: string) {
      seen.push(source)
      return original.call(this, source)
    }
  })
  await prepare()
  restore.restore()
  return seen.map((sql) => {
    const explained = db.$client.prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
    const values = Array.from({ length: sql.split('?').length - 1 }, () => 1)
    return { sql, plan: explained.all(...values).map(({ detail }) => detail) }
  })
}

const prepareAdmin = () => createSqliteAdminStore(db, ':memory:').newest(undefined, 1)

t.test('no page of users looks at more than its rows', async (t) => {
  const plans = await plansOf(t, prepareAdmin)
  const pages = plans.filter(({ sql }) => /order by "users"/.test(sql))
  t.strictSame(
    pages.map(({ plan }) => plan),
    [
      ['SEARCH users USING INTEGER PRIMARY KEY (rowid<?)'],
      ['SEARCH users USING INDEX users_username_key_unique (username_key>?)'],
      ['SEARCH users USING INDEX users_username_key_unique (username_key>?)'],
      ['SEARCH users USING INDEX users_email_key_unique (email_key>?)'],
      ['SEARCH users USING INDEX users_email_key_unique (email_key>?)']
    ]
  )
})

t.test('sessions are found by their user, and counts read indexes alone', async (t) => {
  const plans = await plansOf(t, prepareAdmin)
  const [sessions] = plans.filter(({ sql }) => /from sessions where user_id/.test(sql))
  t.match(sessions?.plan.join('\n'), /SEARCH sessions USING INDEX sessions_user \(user_id=\?\)/)
  t.match(
    sessions?.plan.join('\n'),
    /SEARCH refresh_tokens USING INDEX refresh_tokens_session \(session_id=\?\)/
  )
  const counts = plans.filter(({ sql }) => /rowid place from/.test(sql))
  t.equal(counts.length, 16)
  for (const { sql, plan } of counts) {
    const ofTable = plan.filter((step) => /users|sessions|audit_log/.test(step))
    t.ok(ofTable.length > 0 && ofTable.every((step) => /USING COVERING INDEX/.test(step)), `${sql}: ${plan}`)
    t.notMatch(plan.join('\n'), /TEMP B-TREE/)
  }
})

t.test('no page of acts looks at more than its rows', async (t) => {
  const commits = createGroupCommit(db.$client, { busyTimeoutMs: 0 })
  const plans = await plansOf(t, () => createSqliteAuditLog(db, commits))
  t.strictSame(
    plans.filter(({ sql }) => /order by/.test(sql)).map(({ plan }) => plan),
    [
      ['SEARCH audit_log USING INTEGER PRIMARY KEY (rowid<?)'],
      ['SEARCH audit_log USING INDEX audit_log_target (target_id=? AND rowid<?)']
    ]
  )
  const forget = plans.find(({ sql }) => /changes" = null/.test(sql))
  t.match(forget?.plan, ['SEARCH audit_log USING INDEX audit_log_target (target_id=?)'])
})
