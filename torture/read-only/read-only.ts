import { mkdirSync } from 'node:fs'
import { noise } from '../../test/pictures.ts'
import { mountFailingDisk } from '../harness/failing-disk.ts'
import { createMembers, type Members } from '../harness/members.ts'
import type { Outcome, Scenario, ScenarioOptions } from '../harness/scenario.ts'
import { type Server, startServer } from '../harness/server.ts'
import { mountSmallDisk } from '../harness/small-disk.ts'
import { sweepAndCheck } from '../harness/sweep-and-check.ts'
import { createTally, type Tally } from '../harness/tally.ts'
import { timedAsk } from '../harness/timed-ask.ts'
import { UNHURRIED } from '../harness/unhurried.ts'
import { formWith, type Upload } from '../harness/uploads.ts'

const MEMBERS = 6
const DISK_BYTES = 67_108_864
const ROUNDS = { full: 20, ci: 3 }
const MAX_WRITES = 2000

interface Ground {
  root: string
  media: string
  members: Members
  upload: Upload
  tally: Tally
}

async function run({ folder, size, say }: ScenarioOptions): Promise<Outcome> {
  const tally = createTally(['rounds', 'requests', 'writes refused', 'losses', 'torn', 'strays'])
  const upload = formWith(await (await noise(200, 200)).png().toBuffer())
  for (let round = 0; round < ROUNDS[size] && !tally.failed; round++) {
    say(`round ${round}`)
    const root = `${folder}/${round}`
    const ground = {
      root,
      media: `${root}/media`,
      members: createMembers(`r${round}x`, tally),
      upload,
      tally
    }
    mkdirSync(root)
    await withPicturesReadOnly(ground)
    await withDatabaseReadOnly(ground, createMembers(`d${round}x`, tally, { firstInDoubt: true }))
    tally.count('rounds')
  }
  return tally.outcome()
}

/** Nothing can be uploaded; everything else goes on, and uploads too as soon as they can. */
async function withPicturesReadOnly(ground: Ground): Promise<void> {
  const { root, media, members, upload, tally } = ground
  tally.during('pictures read-only')
  const disk = mountSmallDisk(media, DISK_BYTES)
  try {
    await served(ground, async () => {
      await settle(ground)
      disk.setReadOnly(true)
      const [first, second, third, ...others] = members.present()
      if (!first || !second || !third) throw new Error('nobody could sign up')
      if (await members.upload(first, upload)) tally.fail('an upload was acknowledged')
      else tally.count('writes refused')
      const goesOn = [
        await members.rename(first),
        await members.signUp(),
        await members.removeAvatar(second),
        await members.delete(third),
        ...(await Promise.all(others.map(members.rename)))
      ]
      if (goesOn.includes(false)) tally.fail('something was refused that needs no picture to be written')
      await readAll(members)
      disk.setReadOnly(false)
      if (!(await members.upload(first, upload))) tally.fail('an upload was refused afterwards')
    })
    await sweepAndCheck({ root, media, database: databaseOf(root) }, tally)
  } finally {
    disk.unmount()
  }
}

/** Nothing can be written; what was there is read, and is there after the disk was mended. */
async function withDatabaseReadOnly({ root, media, upload, tally }: Ground, members: Members): Promise<void> {
  tally.during('database read-only')
  const place = { root: `${root}/failing`, media, members, upload, tally }
  const disk = mountFailingDisk(`${root}/disk.img`, `${place.root}/data`, DISK_BYTES)
  try {
    await served(place, async (server) => {
      await settle(place)
      const writes = members.present().map((member) => writeUntilRefused(members, member))
      await members.signUp()
      disk.turnReadOnly()
      if ((await Promise.all(writes)).includes(false)) tally.fail('nothing was refused')
      const [first] = members.present()
      if (!first) throw new Error('nobody could sign up')
      const refused = [
        await members.rename(first),
        await members.signUp(),
        await members.signOut(first),
        await members.removeAvatar(first)
      ]
      if (refused.includes(true)) tally.fail('a write was acknowledged that can’t have been one')
      tally.count('writes refused', refused.length + writes.length)
      await readAll(members)
      const { status } = await timedAsk(`${server.origin}/health/live`)
      if (status !== 200) tally.fail(`health was answered with ${status}`)
    })
    await refuseToStart(place)
    disk.repair()
    tally.during('database mended')
    await served(place, async () => {
      await readAll(members)
      const again = await Promise.all(members.present().map(members.rename))
      if (again.includes(false)) tally.fail('a write was refused after the disk was mended')
    })
    members.checkRows(databaseOf(place.root))
  } finally {
    disk.unmount()
  }
}

const databaseOf = (root: string) => `${root}/data/profile.db`

/** The service as a process while the work goes on; it has to end well. */
async function served(
  { root, media, members, tally }: Ground,
  work: (server: Server) => Promise<void>
): Promise<void> {
  const server = await startServer(root, { env: { ...UNHURRIED, MEDIA_ROOT: media } })
  members.moveTo(server.origin)
  try {
    await work(server)
  } finally {
    await server.end('SIGTERM')
  }
  if (server.child.exitCode !== 0) tally.fail(`it ended with ${server.child.exitCode}: ${server.stderr()}`)
}

async function settle({ members, upload }: Ground): Promise<void> {
  await Promise.all(Array.from({ length: MEMBERS }, members.signUp))
  await Promise.all(members.present().map((member) => members.upload(member, upload)))
}

/** Answers whether one was. */
async function writeUntilRefused(
  members: Members,
  member: Parameters<Members['rename']>[0]
): Promise<boolean> {
  for (let done = 0; done < MAX_WRITES; done++) if (!(await members.rename(member))) return true
  return false
}

const readAll = (members: Members) =>
  Promise.all(members.present().flatMap((member) => [members.read(member), members.look(member)]))

/** On a disk that can't be written the service does not start, and says why. */
async function refuseToStart({ root, media, tally }: Ground): Promise<void> {
  try {
    const server = await startServer(root, { env: { ...UNHURRIED, MEDIA_ROOT: media } })
    await server.end()
    tally.fail('it started on a disk that can’t be written')
  } catch (error) {
    const sentence = String(error)
    if (!/DATABASE_URL/.test(sentence) || /\n\s+at /.test(sentence)) tally.fail(`it said: ${sentence}`)
    else tally.count('starts refused')
  }
}

const scenario: Scenario = {
  name: 'read-only',
  title: 'A disk that turns read-only refuses writes properly, and reads go on; nothing is lost.',
  run
}

export default scenario
