/**
 * better-auth on better-sqlite3 and plain node:http, as its documentation sets it up.
 * Arguments: the database's file, the port, and pragmas to set, such as `journal_mode=WAL`.
 */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import Database from 'better-sqlite3'

const [file, port, ...pragmas] = process.argv.slice(2)

const database = new Database(file)
for (const pragma of pragmas) database.pragma(pragma)

const auth = betterAuth({
  database,
  baseURL: `http://127.0.0.1:${port}`,
  secret: randomBytes(32).toString('hex'),
  emailAndPassword: { enabled: true },
  // On by default in production, where it would refuse the load.
  rateLimit: { enabled: false }
})

const { runMigrations } = await getMigrations(auth.options)
await runMigrations()

createServer(toNodeHandler(auth)).listen(Number(port), '127.0.0.1')
