import { eventually } from '../../test/helper.ts'
import { filesIn } from '../harness/media-folder.ts'
import type { Member, Members } from '../harness/members.ts'
import type { Tally } from '../harness/tally.ts'
import type { Upload } from '../harness/uploads.ts'
import type { Place, Stage } from './stages.ts'

const MEMBERS = 6
/** How soon the service has to write again once there is room. */
const RESUME_MS = 6000
/** More than a log of its own could take without the disk: after a start it has no room yet. */
const MAX_WRITES = 600

/** Fills the disk when the stage says, looks what goes on all the same, and whether everything does afterwards. */
export async function playStage(stage: Stage, setting: Omit<Place, 'someone'>, tally: Tally): Promise<void> {
  const { members, data, media, upload } = setting
  const place = { ...setting, someone: await settle(members, upload) }
  await eventually('the service keeps a reserve', () => filesIn(data.path).includes('profile.db-reserve'))
  stage.fill(place)
  await stage.act(place)
  const disks = new Set([data, media])
  for (const disk of disks) disk.fill(0)
  await writeUntilRefused(place, tally)
  await stage.act(place)
  await readAll(members)
  await leave(members, tally)
  await readAll(members)
  for (const disk of disks) disk.drain()
  await resume(place, tally)
}

/** There are enough people with pictures; one of them is picked. */
async function settle(members: Members, upload: Upload): Promise<Member> {
  const missing = Math.max(0, MEMBERS - members.present().length)
  await Promise.all(Array.from({ length: missing }, members.signUp))
  await Promise.all(
    members.present().map((member) => member.avatar === null && members.upload(member, upload))
  )
  const [someone] = members.present()
  if (!someone) throw new Error('nobody could sign up')
  return someone
}

/** A log that is copied soon has pages enough for changes without end: new rows need new pages of the database too. */
async function writeUntilRefused({ members, someone }: Place, { fail }: Tally): Promise<void> {
  for (let done = 1; done < MAX_WRITES; done++) {
    const taken = done % 10 === 0 ? await members.signUp() : await members.rename(someone)
    if (!taken) return
  }
  fail('nothing was refused: the disk can’t have been full')
}

const readAll = (members: Members) =>
  Promise.all(members.present().flatMap((member) => [members.read(member), members.look(member)]))

/** What has to go on while the disk is full. */
async function leave(members: Members, { fail, count }: Tally): Promise<void> {
  const [, ...others] = members.present()
  for (const [index, member] of others.entries()) {
    const done = [
      member.signedOut || (await members.signOut(member)),
      await members.removeAvatar(member),
      index % 3 > 0 || (await members.delete(member))
    ]
    if (done.every(Boolean)) count('who left while it was full')
    else fail('somebody could not leave while it was full')
  }
}

async function resume({ members, someone, upload }: Place, { fail, atMost }: Tally): Promise<void> {
  const since = Date.now()
  await eventually('the service writes again', () => members.rename(someone), RESUME_MS).catch(
    ({ message }) => fail(message)
  )
  atMost('ms until it wrote again', Date.now() - since)
  if (!(await members.upload(someone, upload))) fail('no upload once there is room')
  if (!(await members.signUp())) fail('no sign-up once there is room')
}
