#!/usr/bin/env node
import module from 'node:module'
import { fileURLToPath } from 'node:url'

// Plain JavaScript in words that every Node knows, so that one that is too old gets a sentence, not a syntax error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

/** The first minor of each major that runs TypeScript as it is; majors that are not named always do. */
const firstMinors = { 22: 18, 23: 6 }

const USAGE = `fastify-user-profile [command]

Service
  start             starts the service (so does no command)

Accounts
  create-user       makes an account
  create-superuser  makes an account with all rights
  set-password      sets a user's password, and ends all sessions
  deactivate        keeps a user from coming in, and ends all sessions
  activate          lets a deactivated user come in again
  issue-token       answers tokens for a user
  list-users        lists users, as a table or as JSON

Maintenance
  import-django     takes over the users of a Django REST Framework and SimpleJWT deployment
  backup            copies users and pictures as they are at one instant, also while the service runs
  restore           checks a backup, and puts it in place
  migrate-store     moves users and pictures to PostgreSQL and S3, or back, also while the service runs
  doctor            looks for pictures without users, and users without their pictures
  openapi           describes the interface as an OpenAPI document
  help              this

fastify-user-profile <command> --help names a command's options. The settings (DATABASE_URL, MEDIA_ROOT, JWT_SECRET
and those others that the README lists) are environment variables, or lines of a file .env.
`

/** Each answers the exit code, or nothing where the process goes on. */
const commands = {
  start: () => import('../server.ts').then(({ startServer }) => startServer()),
  'create-user': (args) =>
    import('./accounts/create-user.ts').then(({ runCreateUser }) => runCreateUser(args)),
  'create-superuser': (args) =>
    import('./accounts/create-user.ts').then(({ runCreateSuperuser }) => runCreateSuperuser(args)),
  'set-password': (args) =>
    import('./accounts/set-password.ts').then(({ runSetPassword }) => runSetPassword(args)),
  deactivate: (args) => import('./accounts/set-active.ts').then(({ runDeactivate }) => runDeactivate(args)),
  activate: (args) => import('./accounts/set-active.ts').then(({ runActivate }) => runActivate(args)),
  'issue-token': (args) =>
    import('./accounts/issue-token.ts').then(({ runIssueToken }) => runIssueToken(args)),
  'list-users': (args) => import('./accounts/list-users.ts').then(({ runListUsers }) => runListUsers(args)),
  'import-django': (args) =>
    import('./import/import-django.ts').then(({ runImportDjango }) => runImportDjango(args)),
  backup: (args) => import('./backup/backup.ts').then(({ runBackup }) => runBackup(args)),
  restore: (args) => import('./restore/restore.ts').then(({ runRestore }) => runRestore(args)),
  'migrate-store': (args) =>
    import('./migrate/migrate-store.ts').then(({ runMigrateStore }) => runMigrateStore(args)),
  doctor: (args) => import('./doctor/doctor.ts').then(({ runDoctor }) => runDoctor(args)),
  openapi: (args) => import('./openapi/openapi.ts').then(({ runOpenapi }) => runOpenapi(args)),
  help: async () => void process.stdout.write(USAGE)
}

const isHelp = (text) => text === '--help' || text === '-h'

const [word = 'start', ...args] = process.argv.slice(2)
const name = isHelp(word) || (word === 'start' && args.some(isHelp)) ? 'help' : word

if (major < 22 || minor < (firstMinors[major] || 0)) {
  console.error(`fastify-user-profile needs Node.js 22.18 or newer; this is ${process.version}.`)
  process.exitCode = 1
} else if (!Object.hasOwn(commands, name) || (name === 'start' && args.length > 0)) {
  console.error(`There is no command "${[word, ...args].join(' ')}".\n\n${USAGE}`)
  process.exitCode = 2
} else {
  keepCompiled()
  if (name !== 'start') ignoreClosedOutput()
  commands[name](args)
    .then((exitCode) => {
      if (exitCode !== undefined) process.exitCode = exitCode
    })
    .catch((error) => {
      // A setting's error says all that there is to say; of any other the stack may be wanted.
      const reason = error.name === 'ConfigError' ? error.message : error.stack
      console.error(`fastify-user-profile could not ${name === 'start' ? 'start' : `run ${name}`}: ${reason}`)
      process.exitCode = name === 'start' ? 1 : 2
    })
}

/** Whoever reads what a command writes (`| head`) may have seen enough, which is no reason to stop half-way. */
function ignoreClosedOutput() {
  for (const output of [process.stdout, process.stderr]) output.on('error', () => {})
}

/**
 * Keeps what Node makes of the sources between starts: of a checkout in its `node_modules`, of an installed package in
 * those that it is in. Where the folder can't be written, it is made anew each time.
 */
function keepCompiled() {
  if (!module.enableCompileCache) return
  const [, around] = /^(.*\/node_modules\/)fastify-user-profile\//.exec(import.meta.url) || []
  const folder = around
    ? new URL('.cache/fastify-user-profile', around)
    : new URL('../../node_modules/.cache/compiled', import.meta.url)
  module.enableCompileCache(fileURLToPath(folder))
}
