import type { Random } from '../../test/hostile/seeded.ts'
import { type Answer, type Call, type Connection, openConnection } from './connection.ts'
import { acknowledge, type Change, type KnownAccount, type Texts, unknownAccount } from './known-account.ts'
import type { Upload } from './uploads.ts'

/** Who is told of each write: before it is sent, and when its answer was received whole. */
export interface WriteObserver {
  begun?(account: KnownAccount, change: Change): void
  acknowledged?(account: KnownAccount, change: Change, answer: Answer): void
}

export interface BusyClient {
  /** All that it ever had, also those that are deleted by now. */
  readonly accounts: readonly KnownAccount[]
  /**
   * One write of the client's choice, or a look at a picture. What became of a write that got no such answer is not known: its
   * account rests until it was looked at.
   * @throws {NotAcknowledged} where it isn't answered by 2xx
   */
  act(origin: string): Promise<void>
  /** A write that somebody else chose. */
  write(origin: string, account: KnownAccount, change: Change): Promise<void>
  /** For questions that write nothing, or are refused. */
  ask: Connection['ask']
  /** Forgets accounts that need no more looking at. */
  forget(isOver: (account: KnownAccount) => boolean): void
  close(): void
}

/** An answer that is no 2xx. */
export class NotAcknowledged extends Error {
  readonly answer: Answer
  readonly kind: Asked

  constructor(kind: Asked, path: string, answer: Answer) {
    super(`${kind}: ${path} was answered ${answer.status} ${answer.body.subarray(0, 200)}`)
    this.answer = answer
    this.kind = kind
  }
}

/** What a client asks for; of updates those with a picture are something else. */
export type Asked = Change['kind'] | 'upload' | 'look'

interface Options {
  random: Random
  uploads: readonly [Upload, ...Upload[]]
  observer?: WriteObserver
  /** What its names begin with. */
  name: string
  maxAccounts?: number
}

const FIELDS = ['username', 'email', 'first_name', 'last_name', 'number_phone'] as const

/** How often each is chosen, in a thousand. Passwords cost thirty milliseconds of processor time each. */
const UPDATE = 660
const UPLOAD = 705
const REMOVAL = 735
const LOOK = 755
const REFRESH = 950
const SIGN_IN = 960
const END_SESSION = 972
const PASSWORD = 982
const SIGN_OUT = 992

/** A client that writes one thing after another to accounts of its own, in the order that the random numbers say. */
export function createBusyClient({ random, uploads, observer, name, maxAccounts = 5 }: Options): BusyClient {
  const connection = openConnection()
  let accounts: KnownAccount[] = []
  let serial = 0

  function fresh(field: (typeof FIELDS)[number]): Partial<Texts> {
    const text = `${name}n${serial++}`
    if (field === 'email') return { email: `${text}@example.com` }
    if (field === 'number_phone') return { number_phone: String(serial).padStart(7, '5') }
    return { [field]: text }
  }

  const freshTexts = (fields: readonly (typeof FIELDS)[number][]): Partial<Texts> =>
    Object.assign({}, ...fields.map(fresh))

  const freshPassword = () => `zebra ${random.below(1e9)} quartz ${serial++}`

  function callFor(account: KnownAccount, change: Change): Call & { status: number } {
    const { id, access: token, texts, password } = account
    switch (change.kind) {
      case 'sign-up':
        return { status: 201, path: '/api/sign-up/', json: { ...change.texts, password: change.password } }
      case 'update':
        return { status: 200, method: 'PATCH', path: `/api/profile/${id}/update/`, token, ...bodyOf(change) }
      case 'refresh':
        return {
          status: 200,
          path: '/api/token/refresh/',
          json: { refresh: newest(account, change.session) }
        }
      case 'end-session': {
        const refresh = newest(account, change.session)
        return { status: 200, path: '/api/token/blacklist/', json: { refresh } }
      }
      case 'sign-in':
        return { status: 200, path: '/api/sign-in/', json: { email: texts.email, password } }
      case 'password': {
        const json = { current_password: password, new_password: change.next }
        return { status: 200, path: `/api/profile/${id}/password/`, token, json }
      }
      case 'sign-out':
        return { status: 200, path: '/api/sign-out-everywhere/', token }
      case 'delete':
        return { status: 204, method: 'DELETE', path: `/api/profile/${id}/delete/`, token }
    }
  }

  function bodyOf({ texts, avatar }: Change & { kind: 'update' }): Pick<Call, 'json' | 'form'> {
    if (avatar === 'uploaded') return { form: random.pick(uploads)(texts) }
    return { json: avatar === 'removed' ? { ...texts, avatar: null } : texts }
  }

  async function write(origin: string, account: KnownAccount, change: Change): Promise<void> {
    const { status, ...call } = callFor(account, change)
    account.pending = change
    observer?.begun?.(account, change)
    const answer = await connection.ask(origin, call)
    if (answer.status !== status) throw new NotAcknowledged(askedBy(change), call.path, answer)
    acknowledge(account, change, { json: answer.json, at: Date.now() })
    observer?.acknowledged?.(account, change, answer)
  }

  function signUp(): { account: KnownAccount; change: Change } {
    const account = unknownAccount()
    accounts.push(account)
    const texts = { first_name: '', last_name: '', number_phone: null, ...freshTexts(FIELDS) } as Texts
    return { account, change: { kind: 'sign-up', texts, password: freshPassword() } }
  }

  function choose(account: KnownAccount, dice: number): Change | 'look' {
    const live = account.sessions.flatMap(({ ended }, index) => (ended ? [] : index))
    const session = live[random.below(live.length)]
    if (dice < UPDATE) {
      const fields = FIELDS.filter(() => random.below(2) === 0)
      return { kind: 'update', texts: freshTexts(fields.length > 0 ? fields : FIELDS), avatar: 'kept' }
    }
    if (dice < UPLOAD) return { kind: 'update', texts: freshTexts(FIELDS.slice(2)), avatar: 'uploaded' }
    if (dice < REMOVAL) return { kind: 'update', texts: freshTexts(['first_name']), avatar: 'removed' }
    if (dice < LOOK) return 'look'
    if (dice < REFRESH && session !== undefined) return { kind: 'refresh', session }
    if (dice < SIGN_IN || session === undefined) return { kind: 'sign-in' }
    if (dice < END_SESSION) return { kind: 'end-session', session }
    if (dice < PASSWORD) return { kind: 'password', next: freshPassword() }
    return { kind: dice < SIGN_OUT ? 'sign-out' : 'delete' }
  }

  async function lookAtSquare(origin: string, avatar: string | null): Promise<void> {
    if (avatar === null) return
    const path = `/media/avatars/${avatar.replace(/\.\w+$/, '@64.webp')}`
    const answer = await connection.ask(origin, { method: 'GET', path })
    // Where a square can't be made at the moment, its picture is shown.
    const isPicture = answer.status === 302 && answer.headers.get('location')?.endsWith(avatar)
    if (answer.status !== 200 && !isPicture) throw new NotAcknowledged('look', path, answer)
  }

  return {
    get accounts() {
      return accounts
    },
    write,
    ask: connection.ask,
    close: connection.close,

    async act(origin) {
      const own = accounts.filter(isAtHand)
      const [first, ...others] = own
      const dice = random.below(1000)
      if (!first || (own.length < maxAccounts && random.below(30) === 0)) {
        const { account, change } = signUp()
        return write(origin, account, change)
      }
      const account = random.pick([first, ...others])
      if (account.access === undefined) return write(origin, account, { kind: 'sign-in' })
      const change = choose(account, dice)
      return change === 'look' ? lookAtSquare(origin, account.avatar) : write(origin, account, change)
    },

    forget(isOver) {
      accounts = accounts.filter((account) => !isOver(account))
    }
  }
}

const isAtHand = ({ id, deleted, pending }: KnownAccount) => id !== undefined && !deleted && !pending

const askedBy = (change: Change): Asked =>
  change.kind === 'update' && change.avatar === 'uploaded' ? 'upload' : change.kind

const newest = ({ sessions }: KnownAccount, index: number) => sessions[index]?.tokens.at(-1)
