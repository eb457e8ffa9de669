import { mkdirSync } from 'node:fs'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { fillUsers } from '../../../../bench/harness/fill-users.ts'
import { contentOf } from '../../../backups.ts'
import { withDatabase } from '../../../helper.ts'
import { type Ground, makeGround } from '../../../moves.ts'
import { type Postgres, startPostgres } from '../../../postgres.ts'
import { run } from '../../../service.ts'

const server: Postgres = await startPostgres(t)
t.setTimeout(120_000)

const USERS = 6000

/** A stopped service's folder with rows in each table, and a file for each tenth user. */
function filled(folder: string): void {
  for (const name of ['data', 'media/avatars']) mkdirSync(`${folder}/${name}`, { recursive: true })
  fillUsers(`${folder}/data/profile.db`, USERS)
  withDatabase(`${folder}/data/profile.db`, (database) =>
    database.exec(`
      insert into sessions select printf('%08x-0000-4000-8000-000000000000', id * 7919 % 4294967296), id, 2e12, null, nullif(id % 3, 0) from users;
      insert into refresh_tokens select hex(randomblob(16)), id, null, 2e12 from sessions;
      insert into user_identities select 'https://id.example.com', 's' || id, id from users where id % 3 = 0;
      insert into imported_users select id, randomblob(8) from users where id % 2 = 0;
      insert into audit_log select id, 5, 1, 'root', id, username, 'update', '::1', 'done', null from users where id % 5 = 0`)
  )
}

/** What people do between two runs: names are given away and taken, some leave, others come, tokens are used. */
function goOn(folder: string, round: number): void {
  withDatabase(`${folder}/data/profile.db`, (database) => {
    database.pragma('foreign_keys = ON')
    const swap = database.prepare('update users set username = ?, username_key = ? where id = ?')
    const [a, b] = [10 + round, 5000 + round]
    database.transaction(() => {
      swap.run('aside', 'aside', a)
      swap.run(`user_${a}`, `user_${a}`, b)
      swap.run(`user_${b}`, `user_${b}`, a)
      database.prepare('delete from users where id % 997 = ?').run(round)
      database.prepare('update refresh_tokens set used_at = ? where rowid % 503 = ?').run(round, round)
      database
        .prepare(
          `insert into users (username, username_key, email, email_key, password, date_joined)
           select username || 'x', username_key || 'x', email || 'x', email_key || 'x', '!', 0 from users where id % 1009 = ?`
        )
        .run(round)
    })()
  })
}

async function isMoved(t: Test, folder: string, { rows, query }: Ground): Promise<void> {
  const here = contentOf(folder).rows
  for (const [name, there] of Object.entries(await rows())) t.strictSame(there, here[name], name)
  t.strictSame(await query("select to_regclass('store_migration') as mark"), [{ mark: null }])
  t.ok((here.users?.length ?? 0) > USERS - 500)
}

t.test('killed anywhere, it goes on where it was', async (t) => {
  const folder = t.testdir({})
  filled(folder)
  const ground = await makeGround(t, server)
  let killed = 0
  for (let round = 0, afterMs = 500; ; round++, afterMs += Math.max(250, afterMs / 3)) {
    const { child, ended } = run(folder, { args: ['migrate-store', '--to', ground.url] })
    const timer = setTimeout(() => child.kill('SIGKILL'), afterMs)
    const { code, signal, stderr } = await ended
    clearTimeout(timer)
    if (signal === null) {
      t.strictSame([code, stderr], [0, ''])
      break
    }
    killed++
    if (isSealed(folder)) continue
    goOn(folder, round)
  }
  t.ok(killed >= 3, `killed ${killed} times`)
  await isMoved(t, folder, ground)
})

t.test(
  'stopped by a signal, or by the server that ends its connections, it says so and goes on later',
  async (t) => {
    const folder = t.testdir({})
    filled(folder)
    const ground = await makeGround(t, server)
    const endings: [name: string, sentence: RegExp, end: (pid: number | undefined) => Promise<unknown>][] = [
      [
        'SIGINT',
        /^It was stopped by SIGINT; run it again to go on\.\n$/,
        async (pid) => pid && process.kill(pid, 'SIGINT')
      ],
      [
        'the server',
        /^postgres:\/\/127.*administrator command|can't be reached|can’t be used/,
        () => ground.query(END_OTHERS)
      ]
    ]
    for (const [name, sentence, end] of endings) {
      const { child, ended } = run(folder, { args: ['migrate-store', '--to', ground.url] })
      await untilRows(ground, 2000)
      await end(child.pid)
      const { code, stdout, stderr } = await ended
      t.match([code, stdout, stderr], [2, '', sentence], name)
      t.notOk(isSealed(folder))
      goOn(folder, name.length)
      await ground.query('set store_migration.mover = on')
      await ground.query('delete from users')
    }
    const { code } = await run(folder, { args: ['migrate-store', '--to', ground.url] }).ended
    t.equal(code, 0)
    await isMoved(t, folder, ground)
  }
)

const END_OTHERS = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`

async function untilRows({ query }: Ground, count: number): Promise<void> {
  for (const until = Date.now() + 60_000; ; await new Promise((resolve) => setTimeout(resolve, 10))) {
    const [there] = await query("select to_regclass('users') as users")
    if (there?.users !== null && (await query(`select 1 from users limit ${count}`)).length >= count) return
    if (Date.now() > until) throw new Error('no rows came')
  }
}

function isSealed(folder: string): boolean {
  const database = new Database(`${folder}/data/profile.db`, { readonly: true })
  try {
    return database.prepare("select 1 from sqlite_schema where name = 'store_migration'").get() !== undefined
  } finally {
    database.close()
  }
}
