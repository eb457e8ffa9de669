import type { encodeForm } from '../helper.ts'
import { PASSWORD } from '../helper.ts'
import type { Random } from '../hostile/seeded.ts'

type Form = Awaited<ReturnType<typeof encodeForm>>

/** A file's name, null for none, undefined where there is no such account. */
export type Avatar = string | null | undefined

/** What a client knows of an account of its own. */
export interface KnownAccount {
  readonly id: number
  readonly access: string
  /** As the last answer had it. */
  avatar: Avatar
  /** What was asked for and not answered: it may have happened or not. */
  pending: 'upload' | 'removal' | 'deletion' | undefined
}

/** Whether a row's avatar is the acknowledged one, or what the request in flight would have made of it. */
export function isExplained({ avatar, pending }: KnownAccount, found: Avatar, given: Set<string>): boolean {
  if (found === avatar) return true
  if (pending === 'upload') return typeof found === 'string' && !given.has(found)
  if (pending === 'removal') return found === null
  return pending === 'deletion' && found === undefined
}

const MAX_ACCOUNTS = 4
let serial = 0

/**
 * A client that signs up, uploads, replaces, removes, looks at squares and deletes, in the order that the random numbers
 * say, one request at a time. It knows its accounts from one run to the next.
 */
export function createRestlessClient({
  uploads,
  random,
  given
}: {
  uploads: readonly [Form, ...Form[]]
  random: Random
  /** The names of all pictures that were acknowledged so far, by any client. */
  given: Set<string>
}) {
  const accounts: KnownAccount[] = []
  let origin = ''

  /** @throws where the status is not the expected one, or no whole answer comes */
  async function ask(path: string, status: number, init: RequestInit = {}): Promise<Buffer> {
    const response = await fetch(origin + path, init)
    const body = Buffer.from(await response.arrayBuffer())
    if (response.status === status) return body
    throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${body.subarray(0, 200)}`)
  }

  async function signUp(): Promise<void> {
    const username = `restless${serial++}`
    const body = JSON.stringify({ username, email: `${username}@example.com`, password: PASSWORD })
    const headers = { 'content-type': 'application/json' }
    const answer = JSON.parse(String(await ask('/api/sign-up/', 201, { method: 'POST', headers, body })))
    accounts.push({ id: answer.user.id, access: answer.access, avatar: null, pending: undefined })
  }

  async function change(account: KnownAccount, type: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
    const headers = { authorization: `Bearer ${account.access}`, 'content-type': type }
    const init = { method: 'PATCH', headers, body }
    const answer = JSON.parse(String(await ask(`/api/profile/${account.id}/update/`, 200, init)))
    account.avatar = answer.avatar === null ? null : answer.avatar.replace('/media/avatars/', '')
  }

  async function upload(account: KnownAccount): Promise<void> {
    const { type, body } = random.pick(uploads)
    account.pending = 'upload'
    await change(account, type, new Uint8Array(body))
    if (typeof account.avatar !== 'string' || given.has(account.avatar))
      throw new Error(`an upload was answered with ${account.avatar}`)
    given.add(account.avatar)
  }

  async function removeAvatar(account: KnownAccount): Promise<void> {
    account.pending = 'removal'
    await change(account, 'application/json', Buffer.from('{"avatar": null}'))
    if (account.avatar !== null) throw new Error(`a removal was answered with ${account.avatar}`)
  }

  async function deleteAccount(account: KnownAccount): Promise<void> {
    account.pending = 'deletion'
    const headers = { authorization: `Bearer ${account.access}` }
    await ask(`/api/profile/${account.id}/delete/`, 204, { method: 'DELETE', headers })
    account.avatar = undefined
  }

  async function act(): Promise<void> {
    const own = accounts.filter(({ avatar }) => avatar !== undefined)
    const [first, ...others] = own
    const dice = random.below(100)
    if (!first || (dice < 10 && own.length < MAX_ACCOUNTS)) return signUp()
    const account = random.pick([first, ...others])
    if (dice < 65) await upload(account)
    else if (dice < 80 && account.avatar) {
      await ask(`/media/avatars/${account.avatar.replace(/\.\w+$/, '@64.webp')}`, 200)
    } else if (dice < 92) await removeAvatar(account)
    else await deleteAccount(account)
    account.pending = undefined
  }

  return {
    accounts: accounts as readonly KnownAccount[],

    /** Goes on until the service is gone. @throws what went wrong before */
    async run(service: string, isGone: () => boolean): Promise<void> {
      origin = service
      try {
        for (;;) await act()
      } catch (error) {
        if (!isGone()) throw error
      }
    },

    /** Takes over what became of the accounts. */
    settle(found: (id: number) => Avatar): void {
      for (const account of accounts) {
        account.avatar = found(account.id)
        account.pending = undefined
        if (typeof account.avatar === 'string') given.add(account.avatar)
      }
    }
  }
}
