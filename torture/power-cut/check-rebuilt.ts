import type { Random } from '../../test/hostile/seeded.ts'
import { type Call, openConnection } from '../harness/connection.ts'
import { groupTokens, judgeAccount } from '../harness/judge-account.ts'
import type { KnownAccount } from '../harness/known-account.ts'
import { createPictureCheck } from '../harness/media-folder.ts'
import { type Rows, readRows } from '../harness/rows.ts'
import { startServer } from '../harness/server.ts'

const emptyRows = (damage: string): Rows => ({
  users: new Map(),
  sessions: [],
  sessionOfToken: new Map(),
  damage: [damage]
})

export type RebuiltCheck = ReturnType<typeof createRebuiltCheck>

/** Looks at what a power cut left. Each of its answers is what is wrong, a sentence each. */
export function createRebuiltCheck(random: Random) {
  const findUnreadable = createPictureCheck()

  /** What is in the folder, compared with what was acknowledged. */
  async function checkFiles(folder: string, accounts: KnownAccount[]): Promise<string[]> {
    const rows = readWhatIsThere(`${folder}/data/profile.db`)
    const tokensOf = groupTokens(rows)
    const findings = accounts.flatMap((account) => judgeAccount(account, rows, tokensOf).findings)
    const unreadable = await findUnreadable(`${folder}/media/avatars`, rows)
    return [
      ...rows.damage,
      ...findings.map(({ kind, text }) => `${kind}: ${text}`),
      ...unreadable.map((name) => `loss: the picture ${name} is missing or damaged`)
    ]
  }

  return {
    checkFiles,

    /** The same after the service was started on it, which is asked for one account too. */
    async checkService(folder: string, accounts: KnownAccount[]): Promise<string[]> {
      const server = await startServer(folder).catch((error: unknown) => String(error))
      if (typeof server === 'string') return [server]
      try {
        const settled = accounts.filter(
          ({ id, deleted, pending }) => id !== undefined && !deleted && !pending
        )
        const account = settled[random.below(settled.length)]
        const wrong = await checkFiles(folder, accounts)
        return account ? [...wrong, ...(await askFor(server.origin, account))] : wrong
      } finally {
        await server.end()
      }
    }
  }
}

/** Whether an account's tokens and password are taken. */
async function askFor(origin: string, account: KnownAccount): Promise<string[]> {
  const { id, access: token, texts, password, sessions } = account
  const refresh = sessions.find(({ ended }) => !ended)?.tokens.at(-1)
  const calls: Call[] = [{ path: '/api/sign-in/', json: { email: texts.email, password } }]
  if (token !== undefined) calls.push({ method: 'GET', path: `/api/profile/${id}/`, token })
  if (refresh !== undefined) calls.push({ path: '/api/token/refresh/', json: { refresh } })
  const { ask, close } = openConnection()
  const wrong: string[] = []
  for (const call of calls) {
    const { status, body } = await ask(origin, call)
    if (status !== 200) wrong.push(`loss: ${call.path} was answered ${status} ${body.subarray(0, 200)}`)
  }
  close()
  return wrong
}

function readWhatIsThere(path: string): Rows {
  try {
    return readRows(path)
  } catch (error) {
    return emptyRows(`the database can’t be read: ${error}`)
  }
}
