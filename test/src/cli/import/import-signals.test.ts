import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fillDjangoDatabase } from '../../../../bench/harness/django-database.ts'
import { eventually } from '../../../helper.ts'
import { deployments } from './deployments.ts'

t.test('SIGTERM and Ctrl-C end it, and nobody is in', async (t) => {
  for (const [signal, args] of [
    ['SIGTERM', []],
    ['SIGINT', ['--dry-run']]
  ] as const) {
    const { folder, path, media, start, django, hasDatabase, rows, temporaries } = deployments(t)
    django.close()
    rmSync(path)
    fillDjangoDatabase(path, { users: 30_000, tokens: 10 })
    const { child, ended } = start('--media', media, '--report', join(folder, 'report'), ...args)
    // It has begun to write: of a dry run only the copy tells.
    await eventually('it works on users', () =>
      args.length === 0 ? existsSync(join(folder, 'data/profile.db-wal')) : temporaries().length > 0
    )
    child.kill(signal)
    const { code, stderr } = await ended
    t.equal(code, 2)
    t.equal(
      stderr,
      `fastify-user-profile could not run import-django: stopped by ${signal}: nobody was imported\n`
    )
    t.ok(!hasDatabase() || rows().length === 0)
    t.strictSame(temporaries(), [])
  }
})
