import { fileURLToPath } from 'node:url'
import { noise } from '../../test/pictures.ts'
import { filesIn, straysIn } from '../harness/media-folder.ts'
import { createMembers, type Member, type Members } from '../harness/members.ts'
import { readRows } from '../harness/rows.ts'
import type { Outcome, Scenario, ScenarioOptions } from '../harness/scenario.ts'
import { type Server, startServer } from '../harness/server.ts'
import { createTally, type Tally } from '../harness/tally.ts'
import { timedAsk } from '../harness/timed-ask.ts'
import { UNHURRIED } from '../harness/unhurried.ts'
import { formWith } from '../harness/uploads.ts'
import { watchOthers } from '../harness/watch-others.ts'
import { type Bomb, makeBombs } from './make-bombs.ts'
import { createMemoryGroup } from './memory-group.ts'

const MEMORY_BYTES = 536_870_912
const AT_ONCE = 20
const ROUNDS = { full: 5, ci: 1 }
const MAX_HEALTH_MS = { full: 1000, ci: 5000 }
/** All are decoded two at a time, and each may take ten seconds of a processor. */
const ANSWER_MS = 300_000
const SERVICE = fileURLToPath(new URL('limited-service.ts', import.meta.url))

async function run({ folder, size, say }: ScenarioOptions): Promise<Outcome> {
  const tally = createTally([
    'pictures',
    'reads of others: slowest, ms',
    'updates of others',
    'strays',
    'torn'
  ])
  const group = createMemoryGroup(`torture-${process.pid}`, MEMORY_BYTES)
  try {
    const server = await startServer(folder, { env: UNHURRIED, program: [SERVICE, group.procs] })
    try {
      const members = createMembers('b', tally)
      members.moveTo(server.origin)
      const [victim, ...people] = await settle(members)
      if (!victim) throw new Error('nobody could sign up')
      const bombs = await makeBombs()
      for (let round = 0; round < ROUNDS[size]; round++) {
        say(`round ${round}`)
        const others = watchOthers(server.origin, {
          members,
          people,
          tally,
          maxHealthMs: MAX_HEALTH_MS[size]
        })
        await throwAll(server, { bombs, victim, tally })
        await others.stop()
      }
      tally.count('processes that the kernel ended', group.kills())
      await checkAfter({ folder, members, victim, tally })
    } finally {
      await server.end('SIGTERM')
    }
    const { exitCode, signalCode } = server.child
    if (exitCode !== 0) tally.fail(`it ended with ${exitCode ?? signalCode}: ${server.stderr()}`)
  } finally {
    group.remove()
  }
  return tally.outcome()
}

async function settle(members: Members): Promise<Member[]> {
  for (let person = 0; person < 4; person++) await members.signUp()
  const [victim] = members.present()
  const upload = formWith(await (await noise(200, 200)).png().toBuffer())
  if (victim) await members.upload(victim, upload)
  return members.present()
}

/** Several at once, until each was thrown. */
async function throwAll(
  { origin }: Server,
  { bombs, victim, tally: { count, fail } }: { bombs: readonly Bomb[]; victim: Member; tally: Tally }
): Promise<void> {
  // Each twice, so that there are as many at once as there should be until the last are decoded.
  const waiting = [...bombs, ...bombs]
  async function throwNext(): Promise<void> {
    for (let bomb = waiting.pop(); bomb; bomb = waiting.pop()) {
      const form = formWith(bomb.bytes)({})
      const url = `${origin}/api/profile/${victim.id}/update/`
      const { status, body } = await timedAsk(url, { method: 'PATCH', token: victim.access, form }, ANSWER_MS)
      count('pictures')
      count(`pictures answered ${status}`)
      if (status !== 503 && !bomb.statuses.includes(status))
        fail(`${bomb.name} was answered with ${status}: ${body.subarray(0, 200)}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, throwNext))
}

async function checkAfter({
  folder,
  members,
  victim,
  tally
}: {
  folder: string
  members: Members
  victim: Member
  tally: Tally
}): Promise<void> {
  const rows = readRows(`${folder}/data/profile.db`)
  const left = [...straysIn(`${folder}/media/avatars`, rows), ...filesIn(`${folder}/media/.uploads`)]
  if (left.length > 0) {
    tally.count('strays', left.length)
    tally.fail(`these files are left: ${left}`)
  }
  // Which of the pictures that were taken came last, nobody knows.
  victim.avatar = rows.users.get(victim.id)?.avatar ?? null
  if (victim.avatar === null) tally.fail('the picture is gone')
  members.checkRows(`${folder}/data/profile.db`)
  await members.look(victim)
  const upload = formWith(await (await noise(100, 100)).jpeg().toBuffer())
  if (!(await members.upload(victim, upload))) tally.fail('an upload was refused afterwards')
}

const scenario: Scenario = {
  name: 'bombs',
  title:
    'Pictures that explode, twenty at once, in 512 MB: each is answered, and others are served meanwhile.',
  run
}

export default scenario
