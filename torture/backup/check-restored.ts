import { run } from '../../test/service.ts'
import type { Connection } from '../harness/connection.ts'
import { createPictureCheck, namedBy } from '../harness/media-folder.ts'
import type { Rows } from '../harness/rows.ts'
import { startServer } from '../harness/server.ts'
import type { Tally } from '../harness/tally.ts'
import { UNHURRIED } from '../harness/unhurried.ts'
import type { Placed } from './judge-cut.ts'

/** How many accounts are asked for. */
const SAMPLE = 24

/** Whether the service that was restored is one: pictures, doctor, tokens. */
export async function checkRestored(
  folder: string,
  { rows, placed, ask }: { rows: Rows; placed: Placed[]; ask: Connection['ask'] },
  tally: Tally
): Promise<void> {
  const { count, fail } = tally
  for (const name of await createPictureCheck()(`${folder}/media/avatars`, rows))
    fail(`the picture ${name} is missing or damaged`)
  count('pictures decoded', namedBy(rows).length)
  const doctor = await run(folder, { args: ['doctor'] }).ended
  if (doctor.code !== 0) fail(`doctor: ${doctor.stdout}${doctor.stderr}`)
  const server = await startServer(folder, { env: UNHURRIED })
  try {
    // Of those whose tokens are known to the write.
    const certain = placed.filter(({ first, last }) => first === last && Number.isInteger(first))
    for (const one of certain.slice(-SAMPLE)) await checkTokens(one, server.origin, ask, tally)
  } finally {
    await server.end('SIGTERM')
  }
}

async function checkTokens(
  { account, versions, last }: Placed,
  origin: string,
  ask: Connection['ask'],
  { count, fail }: Tally
): Promise<void> {
  const version = versions[last]
  if (!version?.exists) return
  const { access: token, texts, sessions } = version
  if (token !== undefined) {
    const { status, json } = await ask(origin, { method: 'GET', path: `/api/profile/${account.id}/`, token })
    count('access tokens that still work')
    if (status !== 200 || json.email !== texts.email) fail(`account ${account.id} is answered ${status}`)
  }
  for (const [index, { tokens, ended }] of sessions.entries()) {
    const refresh = account.sessions[index]?.tokens[tokens - 1]
    const { status } = await ask(origin, { path: '/api/token/refresh/', json: { refresh } })
    count(ended ? 'ended sessions refused' : 'refresh tokens that still work')
    if (status !== (ended ? 401 : 200))
      fail(`a session of account ${account.id} that ${ended} is answered ${status}`)
  }
}
