import { readdirSync } from 'node:fs'
import t from 'tap'
import { run } from '../../service.ts'

/** The widest line of a terminal that shows it unbroken. */
const MAX_COLUMNS = 120

t.test(
  'the help names every command in a line of its own, and each has one that names its options',
  async (t) => {
    const folder = t.testdir({})
    const { code, stdout } = await run(folder, { args: ['--help'] }).ended
    t.equal(code, 0)
    const names = [...stdout.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)].map(([, name = '']) => name)
    t.strictSame(names, [
      'start',
      'create-user',
      'create-superuser',
      'set-password',
      'deactivate',
      'activate',
      'issue-token',
      'list-users',
      'import-django',
      'backup',
      'restore',
      'migrate-store',
      'doctor',
      'openapi',
      'help'
    ])
    const columns = [...stdout.matchAll(/^ {2}[a-z-]+ {2,}/gm)].map(([start]) => start.length)
    t.equal(new Set(columns).size, 1, 'they are aligned')
    for (const name of names.filter((name) => name !== 'start' && name !== 'help')) {
      const help = await run(folder, { args: [name, '--help'] }).ended
      t.match(help, { code: 0, stderr: '' }, name)
      t.match(help.stdout, new RegExp(`^fastify-user-profile ${name} .*\\[options\\]\\n`))
      t.match(help.stdout, /DATABASE_URL/)
      t.match(help.stdout, /^Exit code: 0 /m)
      const widest = Math.max(...help.stdout.split('\n').map((line) => line.length))
      t.ok(widest <= MAX_COLUMNS, `${name}: ${widest} columns`)
    }
    t.match(await run(folder, { args: ['start', '--help'] }).ended, { code: 0, stdout })
    t.strictSame(readdirSync(folder), [])
  }
)
