import { parseUserId } from '../users/user.ts'
import type { SourceToken } from './django-source.ts'
import { type ImportRun, PAGE, pause } from './import-run.ts'
import { readText, readTime } from './read-values.ts'

/** SimpleJWT's `OutstandingToken.jti`, 5.3. */
const MAX_JTI = 255

/** Takes over the refresh tokens that have not expired, as sessions: the user stays signed in, or out. */
export async function importTokens(run: ImportRun, total: number): Promise<void> {
  const { source, table } = run
  let done = 0
  for (let after = 0; ; ) {
    const tokens = await source.listTokens(table, after, PAGE)
    const last = tokens.at(-1)
    if (!last) return
    for (const token of tokens) await importToken(run, token)
    after = last.id
    done += tokens.length
    run.progress('tokens', done, total)
    await pause(run)
  }
}

async function importToken({ store, counts, startedAt }: ImportRun, token: SourceToken): Promise<void> {
  const expiresAt = readTime(token.expiresAt)
  const jti = readText(token.jti)
  const userId = parseUserId(token.userId)
  if (expiresAt !== undefined && expiresAt <= startedAt) {
    counts.tokens.expired++
  } else if (expiresAt === undefined || !userId || !jti || jti.length > MAX_JTI) {
    counts.tokens.left_out++
  } else {
    const issuedAt = readTime(token.createdAt)
    const { isBlacklisted } = token
    counts.tokens[await store.addToken({ jti, userId, issuedAt, expiresAt, isBlacklisted }, startedAt)]++
  }
}
