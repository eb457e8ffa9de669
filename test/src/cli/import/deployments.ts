import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import type { Test } from 'tap'
import { createDjangoDatabase } from '../../../../bench/harness/django-database.ts'
import { type DjangoUser, djangoUser, insertRow, type Row } from '../../../django-database.ts'
import { SECRET } from '../../../helper.ts'
import { run } from '../../../service.ts'

export interface ReportLine {
  user?: number | string
  finding?: string
  summary?: {
    users: Record<string, number>
    pictures: Record<string, number>
    tokens: Record<string, number>
    [name: string]: unknown
  }
  [name: string]: unknown
}

/** A Django deployment in one folder of a test, and a service to come in another. */
export function deployments(t: Test) {
  const root = t.testdir({ django: {}, service: {}, tmp: {} })
  const folder = join(root, 'service')
  const path = join(root, 'django/db.sqlite3')
  const media = join(root, 'django/media')
  mkdirSync(media)
  const django = createDjangoDatabase(path)
  django.pragma('synchronous = OFF')
  t.teardown(() => django.close())
  const target = join(folder, 'data/profile.db')

  function withTarget<T>(use: (database: Database.Database) => T): T {
    const database = new Database(target)
    try {
      return use(database)
    } finally {
      database.close()
    }
  }

  const start = (...args: string[]) =>
    run(folder, {
      args: ['import-django', '--database', path, ...args],
      env: { JWT_SECRET: SECRET, TMPDIR: join(root, 'tmp') }
    })

  return {
    root,
    folder,
    django,
    path,
    media,
    start,
    addUser: (id: number, name: string, over: Partial<DjangoUser> & Row = {}) =>
      insertRow(django, 'users_users', djangoUser(id, name, over)),
    addToken: (row: Row, blacklisted = false) => {
      insertRow(django, 'token_blacklist_outstandingtoken', {
        token: 'the.secret.text',
        created_at: '2025-01-01 00:00:00',
        expires_at: '2099-01-01 00:00:00',
        ...row
      })
      if (blacklisted)
        insertRow(django, 'token_blacklist_blacklistedtoken', {
          blacklisted_at: '2025-01-01 00:00:00',
          token_id: row.id ?? 0
        })
    },
    change: (sql: string, ...values: unknown[]) => void django.prepare(sql).run(...values),
    addPicture(name: string, bytes: string | Buffer = `picture ${name}`) {
      mkdirSync(dirname(join(media, name)), { recursive: true })
      writeFileSync(join(media, name), bytes)
    },
    /** Runs the import with pictures, and answers its lines without what differs between any two runs. */
    async importAll(...args: string[]) {
      const { code, stdout, stderr } = await start('--media', media, '--report', '-', ...args).ended
      const lines = stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line): ReportLine => JSON.parse(line))
      const { summary } = lines.at(-1) ?? {}
      return { code, stderr, findings: lines.slice(0, -1), summary }
    },
    rows: (sql = 'SELECT * FROM users ORDER BY id', ...values: unknown[]) =>
      withTarget((database) => database.prepare<unknown[], Record<string, unknown>>(sql).all(...values)),
    write: (sql: string, ...values: unknown[]) =>
      withTarget((database) => void database.prepare(sql).run(...values)),
    hasDatabase: () => existsSync(target),
    /** What lies in the folder of temporary files. */
    temporaries: () => readdirSync(join(root, 'tmp')),
    pictures: () =>
      existsSync(join(folder, 'media/avatars')) ? readdirSync(join(folder, 'media/avatars')).sort() : [],
    picture: (key: string) => readFileSync(join(folder, 'media/avatars', key), 'utf8')
  }
}
