import { PASSWORD } from '../../test/helper.ts'
import { avatarName } from './known-account.ts'
import { readRows } from './rows.ts'
import type { Tally } from './tally.ts'
import { faultOfRefusal, type TimedAnswer, type TimedCall, timedAsk } from './timed-ask.ts'
import type { Upload } from './uploads.ts'

/** Somebody with an account, by the answers that the service gave. */
export interface Member {
  id: number
  username: string
  access: string
  refresh: string
  firstName: string
  /** What a refused change would have made of it, where the disk may have failed in the very commit: then nobody knows. */
  inDoubt: string | undefined
  /** A file's name. */
  avatar: string | null
  deleted: boolean
  /** Whether the session of the sign-up was ended. */
  signedOut: boolean
}

export type MemberAct =
  | 'sign-up'
  | 'rename'
  | 'upload'
  | 'removal'
  | 'deletion'
  | 'sign-out'
  | 'read'
  | 'picture'

/** People who use a service that may be in trouble, and remember what it acknowledged. */
export interface Members {
  readonly all: readonly Member[]
  /** Those that are not deleted. */
  present(): Member[]
  /** Each answers whether it was done; what was neither done nor properly refused is among the failures. */
  signUp(): Promise<boolean>
  rename(member: Member): Promise<boolean>
  upload(member: Member, upload: Upload): Promise<boolean>
  removeAvatar(member: Member): Promise<boolean>
  delete(member: Member): Promise<boolean>
  signOut(member: Member): Promise<boolean>
  /** Reads the profile, which has to be as acknowledged; no refusal is good enough. */
  read(member: Member): Promise<void>
  /** Reads the profile while others may be writing it; answers how long that took, in milliseconds. */
  timeRead(member: Member): Promise<number>
  /** The same of the picture. */
  look(member: Member): Promise<void>
  /** Where the service listens from now on. */
  moveTo(origin: string): void
  /** Compares the rows with what was acknowledged. */
  checkRows(databasePath: string): void
}

/** How long the texts are that they write. */
const TEXT_LENGTH = 190

interface MembersOptions {
  /** Whether the first change that is refused after one that was not may have happened all the same. @default false */
  firstInDoubt?: boolean
}

/** @param name what their usernames begin with; counts are by what was asked and the status, such as `rename 507` */
export function createMembers(
  name: string,
  { count, fail }: Tally,
  { firstInDoubt = false }: MembersOptions = {}
): Members {
  const all: Member[] = []
  const refusedNames = new Set<string>()
  let origin = ''
  let serial = 0

  async function ask(
    act: MemberAct,
    path: string,
    call: TimedCall,
    success: number
  ): Promise<TimedAnswer | undefined> {
    const answer = await timedAsk(origin + path, call)
    count('requests')
    count(`${act} ${answer.status}`)
    if (answer.status === success) return answer
    const fault = faultOfRefusal(answer)
    if (fault !== undefined) fail(`a ${act} was answered with ${fault}`)
    else if (act === 'read' || act === 'picture') fail(`a ${act} was refused with ${answer.status}`)
    return undefined
  }

  async function update(act: MemberAct, member: Member, call: Omit<TimedCall, 'token' | 'method'>) {
    const path = `/api/profile/${member.id}/update/`
    const answer = await ask(act, path, { ...call, method: 'PATCH', token: member.access }, 200)
    return answer && (JSON.parse(String(answer.body)) as { first_name: string; avatar: string | null })
  }

  function tear(sentence: string): void {
    count('torn')
    fail(sentence)
  }

  return {
    all,
    present: () => all.filter(({ deleted }) => !deleted),
    moveTo(to) {
      origin = to
    },

    async signUp() {
      const username = `${name}${serial++}`
      const json = { username, email: `${username}@example.com`, password: PASSWORD }
      const answer = await ask('sign-up', '/api/sign-up/', { json }, 201)
      if (!answer) {
        refusedNames.add(username)
        return false
      }
      const { user, access, refresh } = JSON.parse(String(answer.body))
      all.push({
        id: user.id,
        username,
        access,
        refresh,
        firstName: '',
        inDoubt: undefined,
        avatar: null,
        deleted: false,
        signedOut: false
      })
      return true
    },

    async rename(member) {
      const text = `name ${serial++} `.padEnd(TEXT_LENGTH, 'x')
      const user = await update('rename', member, { json: { first_name: text } })
      if (user) Object.assign(member, { firstName: text, inDoubt: undefined })
      else if (firstInDoubt) member.inDoubt ??= text
      return user !== undefined
    },

    async upload(member, upload) {
      const text = `with picture ${serial++}`
      const user = await update('upload', member, { form: upload({ first_name: text }) })
      if (user) Object.assign(member, { firstName: text, avatar: avatarName(user.avatar) })
      return user !== undefined
    },

    async removeAvatar(member) {
      const user = await update('removal', member, { json: { avatar: null } })
      if (user) member.avatar = null
      return user !== undefined
    },

    async delete(member) {
      const answer = await ask(
        'deletion',
        `/api/profile/${member.id}/delete/`,
        { method: 'DELETE', token: member.access },
        204
      )
      if (answer) member.deleted = true
      return answer !== undefined
    },

    async signOut(member) {
      const answer = await ask(
        'sign-out',
        '/api/token/blacklist/',
        { json: { refresh: member.refresh } },
        200
      )
      if (answer) member.signedOut = true
      return answer !== undefined
    },

    async read(member) {
      const answer = await ask('read', '/api/profile/', { token: member.access }, 200)
      if (!answer) return
      const { first_name: firstName, avatar } = JSON.parse(String(answer.body))
      if (!isNamed(member, firstName) || avatarName(avatar) !== member.avatar)
        fail(`${member.username} was read as ${firstName.trim()} ${avatar}, not as ${describe(member)}`)
    },

    async timeRead(member) {
      const since = performance.now()
      await ask('read', '/api/profile/', { token: member.access }, 200)
      return performance.now() - since
    },

    async look(member) {
      if (member.avatar !== null) await ask('picture', `/media/avatars/${member.avatar}`, {}, 200)
    },

    checkRows(databasePath) {
      const { users, damage } = readRows(databasePath)
      for (const sentence of damage) tear(sentence)
      for (const member of all) {
        const fault = faultOfRow(member, users.get(member.id))
        if (fault === undefined) continue
        count('losses')
        fail(`${member.username}: ${fault}`)
      }
      const names = new Set([...users.values()].map(({ username }) => username))
      for (const username of refusedNames)
        if (names.has(username)) tear(`the sign-up of ${username} was refused, and it is there`)
    }
  }
}

type FoundRow = { first_name: string; avatar: string | null } | undefined

const describe = ({ firstName, inDoubt, avatar }: Member) =>
  `${firstName} ${avatar}${inDoubt === undefined ? '' : `, or ${inDoubt}`}`

const isNamed = ({ firstName, inDoubt }: Member, found: string) => found === firstName || found === inDoubt

function faultOfRow(member: Member, row: FoundRow): string | undefined {
  const { deleted, avatar } = member
  if (deleted) return row && 'its deletion was acknowledged, and it is there'
  if (!row) return 'it was acknowledged, and is not there'
  if (!isNamed(member, row.first_name)) return 'its name is not the acknowledged one'
  return row.avatar === avatar ? undefined : 'its picture is not the acknowledged one'
}
