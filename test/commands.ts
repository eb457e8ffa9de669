import { existsSync } from 'node:fs'
import type { Test } from 'tap'
import { PASSWORD, withDatabase } from './helper.ts'
import { run } from './service.ts'

interface CommandOptions {
  env?: Record<string, string>
  /** What comes in on standard input: a line with a good password, unless said otherwise. */
  input?: string | Buffer
}

/** Runs a command in a folder. Whatever it writes, it is no password and no hash. */
export async function command(
  t: Test,
  folder: string,
  args: string[],
  { env = {}, input = `${PASSWORD}\n` }: CommandOptions = {}
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await run(folder, { args, env, input }).ended
  const [line = ''] = input.toString().split('\n')
  const secrets = [PASSWORD, ...(line.length >= 8 ? [line] : [])]
  t.notOk(
    secrets.some((secret) => (stdout + stderr).includes(secret)),
    'no password is written'
  )
  t.notMatch(stdout + stderr, /argon2\$|![A-Za-z0-9]{40}/, 'nor a hash')
  t.notMatch(stderr, /^\s+at /m)
  return { code, stdout, stderr }
}

/** Runs `create-user` or the like, and answers the new user's id. */
export async function makeUser(
  t: Test,
  folder: string,
  username: string,
  ...more: string[]
): Promise<number> {
  const args = ['create-user', '--username', username, '--email', `${username}@example.com`, ...more]
  const { code, stdout, stderr } = await command(t, folder, args)
  if (code !== 0) throw new Error(stderr)
  return Number(stdout)
}

const databaseOf = (folder: string) => `${folder}/data/profile.db`

/** The rows of a folder's database that a query finds. */
export const rowsOf = (folder: string, query: string): Record<string, unknown>[] =>
  withDatabase(databaseOf(folder), (database) => database.prepare(query).all() as Record<string, unknown>[])

/** Its users; none where there is no database. */
export const userRows = (folder: string): Record<string, unknown>[] =>
  existsSync(databaseOf(folder)) ? rowsOf(folder, 'select * from users order by id') : []

/** Runs SQL behind everybody's back. */
export const sql = (folder: string, statement: string, ...values: unknown[]): void =>
  withDatabase(databaseOf(folder), (database) => void database.prepare(statement).run(...values))
