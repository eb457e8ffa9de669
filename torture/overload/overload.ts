import { compareFootprint, measureFootprint } from '../harness/footprint.ts'
import { createMembers, type Member, type Members } from '../harness/members.ts'
import type { Outcome, Scenario, ScenarioOptions } from '../harness/scenario.ts'
import { type Server, startServer } from '../harness/server.ts'
import { createTally, type Tally } from '../harness/tally.ts'
import { watchOthers } from '../harness/watch-others.ts'
import { ATTACKS, type Strength, UNWATCHED_ATTACKS } from './attacks.ts'

const PEOPLE = 4

const STRENGTHS: Record<ScenarioOptions['size'], Strength> = {
  full: { connections: 1000, seconds: 40, patienceSeconds: 3 },
  ci: { connections: 300, seconds: 6, patienceSeconds: 10 }
}

/** As the service promises, and as a busy test machine keeps. */
const MAX_HEALTH_MS = { full: 1000, ci: 5000 }

/** How often all attacks are made: with two, what the first made of the process's memory is what the second is held to. */
const PASSES = { full: 2, ci: 1 }
const SPARE_MEGABYTES = { full: 100, ci: 200 }

const BODY_TIMEOUT_SECONDS = { full: 30, ci: 5 }

async function run({ size, folder, say }: ScenarioOptions): Promise<Outcome> {
  const strength = STRENGTHS[size]
  const tally = createTally(['attacks', 'health: answers', 'health: slowest, ms', 'updates of others'])
  const server = await startServer(folder, {
    env: {
      BODY_TIMEOUT: String(BODY_TIMEOUT_SECONDS[size]),
      // Room for the attack, and for others beside it.
      MAX_CONNECTIONS: String(strength.connections + 50)
    }
  })
  try {
    const { members, people } = await settle(server, tally)
    let before = await measureFootprint(server)
    for (let pass = 0; pass < PASSES[size]; pass++) {
      if (pass > 0) before = await measureFootprint(server)
      for (const attack of [...ATTACKS, ...UNWATCHED_ATTACKS]) {
        say(attack.name)
        tally.during(attack.name)
        const watched = ATTACKS.includes(attack)
        const options = { members, people, tally, maxHealthMs: MAX_HEALTH_MS[size] }
        const others = watched ? watchOthers(server.origin, options) : undefined
        await attack.run({ ...targetOf(people, server), largePath: '/openapi.json' }, strength, tally)
        await others?.stop()
        tally.count('attacks')
      }
    }
    tally.during('afterwards')
    await compareFootprint(server, before, { tally, spareMegabytes: SPARE_MEGABYTES[size] })
    members.checkRows(`${folder}/data/profile.db`)
  } finally {
    await server.end('SIGTERM')
  }
  if (server.child.exitCode !== 0) tally.fail(`the service ended with ${server.child.exitCode}`)
  return tally.outcome()
}

/** The people, once the service has done everything for the first time. */
async function settle(server: Server, tally: Tally): Promise<{ members: Members; people: Member[] }> {
  const members = createMembers('p', tally)
  members.moveTo(server.origin)
  for (let person = 0; person < PEOPLE; person++) await members.signUp()
  const people = members.present()
  for (const member of people) for (let turn = 0; turn < 50; turn++) await members.rename(member)
  return { members, people }
}

function targetOf([person]: readonly Member[], { origin }: Server) {
  if (!person) throw new Error('nobody could sign up')
  return { origin, id: person.id, token: person.access }
}

const scenario: Scenario = {
  name: 'overload',
  title:
    'Attacked by slow, idle and too many clients, the service answers others, and comes back to its start.',
  run
}

export default scenario
