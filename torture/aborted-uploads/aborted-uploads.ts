import { eventually } from '../../test/helper.ts'
import { seeded } from '../../test/hostile/seeded.ts'
import { noise } from '../../test/pictures.ts'
import { compareFootprint, measureFootprint } from '../harness/footprint.ts'
import { filesIn, straysIn } from '../harness/media-folder.ts'
import { createMembers, type Member, type Members } from '../harness/members.ts'
import { readRows } from '../harness/rows.ts'
import type { Outcome, Scenario, ScenarioOptions } from '../harness/scenario.ts'
import { startServer } from '../harness/server.ts'
import { createTally, type Tally } from '../harness/tally.ts'
import { UNHURRIED } from '../harness/unhurried.ts'
import { formWith, type Upload } from '../harness/uploads.ts'
import { breakOff } from './break-off.ts'

const ABORTS = { full: 10_000, ci: 1000 }
const AT_ONCE = 40
const STEP_BYTES = 1024
/** One of so many is sent whole, and broken off before it is answered: whether it is done, nobody knows. */
const WHOLE_EVERY = 20
const SETTLE_MS = 30_000
const PEOPLE = 5
const SPARE_MEGABYTES = 100

interface Ground {
  origin: string
  members: Members
  /** Whose uploads all break off half-way. */
  partly: Member
  /** Whose uploads are whole. */
  wholly: Member
  others: readonly Member[]
  upload: Upload
  tally: Tally
}

async function run({ folder, size, seed, say }: ScenarioOptions): Promise<Outcome> {
  const tally = createTally([
    'uploads broken off',
    'uploads broken off when whole',
    'requests',
    'strays',
    'torn'
  ])
  const places = { database: `${folder}/data/profile.db`, media: `${folder}/media` }
  const server = await startServer(folder, { env: UNHURRIED })
  try {
    const ground = await settle(server.origin, tally)
    // What memory the process once had from the system for so many it mostly keeps: the second half may take no more.
    await breakOffMany(ground, { aborts: ABORTS[size] / 2, seed, say })
    const before = await measureFootprint(server)
    await breakOffMany(ground, { aborts: ABORTS[size] / 2, seed: seed + 1, say })
    await sweepItself(places, tally)
    await compareFootprint(server, before, { tally, spareMegabytes: SPARE_MEGABYTES })
    await checkPeople(ground, places.database)
  } finally {
    await server.end('SIGTERM')
  }
  if (server.child.exitCode !== 0) tally.fail(`it ended with ${server.child.exitCode}: ${server.stderr()}`)
  return tally.outcome()
}

async function settle(origin: string, tally: Tally): Promise<Ground> {
  const members = createMembers('a', tally)
  members.moveTo(origin)
  const upload = formWith(await (await noise(260, 200)).png().toBuffer())
  for (let person = 0; person < PEOPLE; person++) await members.signUp()
  for (const member of members.present()) await members.upload(member, upload)
  const [partly, wholly, ...others] = members.present()
  if (!partly || !wholly) throw new Error('nobody could sign up')
  return { origin, members, partly, wholly, others, upload, tally }
}

/** Others go on using the service meanwhile. */
async function breakOffMany(
  { origin, members, partly, wholly, others, upload, tally }: Ground,
  { aborts, seed, say }: { aborts: number; seed: number; say(text: string): void }
): Promise<void> {
  const random = seeded(seed)
  const small = upload({})
  const large = formWith(await (await noise(1200, 900)).png().toBuffer())({})
  let begun = 0

  async function breakOffInTurn(): Promise<void> {
    while (begun < aborts) {
      const index = begun++
      if (index % 1000 === 0) say(`${index} of ${aborts}`)
      const whole = index % WHOLE_EVERY === 0
      const { body, type } = whole || random.below(4) > 0 ? small : large
      const { id, access: token } = whole ? wholly : partly
      // Each step in its turn, so that none is left out.
      const part = Math.min((index % Math.ceil(body.length / STEP_BYTES)) * STEP_BYTES, body.length - 1)
      const sentBytes = whole ? body.length : part
      const path = `/api/profile/${id}/update/`
      await breakOff({ origin, path, token, type, body, sentBytes, chunked: random.below(2) === 1 })
      tally.count(whole ? 'uploads broken off when whole' : 'uploads broken off')
    }
  }

  async function goOn(member: Member): Promise<void> {
    while (begun < aborts) {
      await members.rename(member)
      await members.read(member)
    }
  }

  await Promise.all([...Array.from({ length: AT_ONCE }, breakOffInTurn), ...others.map(goOn)])
}

/** What broke off has to be gone without a start or a sweep. */
async function sweepItself(
  { database, media }: { database: string; media: string },
  { count, fail }: Tally
): Promise<void> {
  const left = () => [...straysIn(`${media}/avatars`, readRows(database)), ...filesIn(`${media}/.uploads`)]
  await eventually('nothing is left', () => left().length === 0, SETTLE_MS).catch(() => {
    count('strays', left().length)
    fail(`these files are left: ${left()}`)
  })
}

/** Nothing became of what was not sent whole; of what was, the row and the picture fit. */
async function checkPeople(ground: Ground, database: string): Promise<void> {
  const { members, partly, wholly, upload, tally } = ground
  await members.look(partly)
  wholly.avatar = readRows(database).users.get(wholly.id)?.avatar ?? null
  members.checkRows(database)
  if (wholly.avatar === null) tally.fail('the picture of whole uploads is gone')
  await members.look(wholly)
  for (const member of [partly, wholly])
    if (!(await members.upload(member, upload))) tally.fail('an upload was refused afterwards')
}

const scenario: Scenario = {
  name: 'aborted-uploads',
  title: 'Uploads whose connections are reset at any byte leave no file, no handle and no change.',
  run
}

export default scenario
