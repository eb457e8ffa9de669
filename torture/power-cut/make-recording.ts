import { mkdirSync, statSync } from 'node:fs'
import { seeded } from '../../test/hostile/seeded.ts'
import { createBusyClient, type WriteObserver } from '../harness/busy-client.ts'
import type { AnswerBody } from '../harness/connection.ts'
import { acknowledge, type Change, type KnownAccount, unknownAccount } from '../harness/known-account.ts'
import { type Server, startServer } from '../harness/server.ts'
import { makeUploads } from '../harness/uploads.ts'
import { recorded } from './record.ts'

/** A write, and how long the record was before it was asked for and when its answer was there. */
interface RecordedWrite {
  account: KnownAccount
  change: Change
  begun: number
  /** Infinite for never. */
  acknowledged: number
  json: AnswerBody
  at: number
}

export interface Recording {
  /** The folder that the service ran in. */
  root: string
  record: string
  writes: RecordedWrite[]
}

/** How a service ends whose writes were recorded; another one begins in the same folder after it. */
export type Life = { answers: number; ends: 'SIGKILL' | 'SIGTERM' }

interface Options {
  folder: string
  seed: number
  lives: Life[]
  /** The server's program, where it is not the service itself. */
  program?: string[]
}

const CLIENTS = 8

/** Runs the service under load and writes down what it does to its files, beside what it acknowledges. */
export async function makeRecording({ folder, seed, lives, program }: Options): Promise<Recording> {
  const root = `${folder}/recorded`
  const record = `${folder}/record`
  mkdirSync(root)
  const length = () => statSync(record).size
  const writes: RecordedWrite[] = []
  const current = new Map<KnownAccount, RecordedWrite>()
  let answers = 0
  const observer: WriteObserver = {
    begun(account, change) {
      const write = {
        account,
        change,
        begun: length(),
        acknowledged: Number.POSITIVE_INFINITY,
        json: {},
        at: 0
      }
      writes.push(write)
      current.set(account, write)
    },
    acknowledged(account, _change, { json }) {
      answers++
      Object.assign(current.get(account) ?? {}, { acknowledged: length(), json, at: Date.now() })
    }
  }
  const uploads = await makeUploads()
  const clients = Array.from({ length: CLIENTS }, (_, index) =>
    createBusyClient({
      random: seeded(seed + index + 1),
      uploads,
      observer,
      name: `p${index}`,
      maxAccounts: 3
    })
  )

  async function live({ origin, stderr, end }: Server, life: Life): Promise<void> {
    answers = 0
    let isOver = false
    const ended = Promise.withResolvers<void>()
    async function keepBusy(act: (origin: string) => Promise<void>): Promise<void> {
      try {
        while (!isOver) {
          await act(origin)
          if (answers < life.answers || isOver) continue
          isOver = true
          // Also in the midst of what the others are doing.
          if (life.ends === 'SIGKILL') ended.resolve(end('SIGKILL'))
        }
      } catch (error) {
        if (!isOver) throw new Error(`the service failed under load: ${stderr()}`, { cause: error })
      }
    }
    await Promise.all(clients.map(({ act }) => keepBusy(act)))
    if (life.ends === 'SIGTERM') ended.resolve(end('SIGTERM'))
    await ended.promise
    // Nobody knows what became of those; they are judged as they are, and left alone.
    for (const client of clients) client.forget(({ pending }) => pending !== undefined)
  }

  try {
    for (const life of lives) {
      const server = await startServer(root, { under: recorded(record), ...(program && { program }) })
      await live(server, life)
    }
  } finally {
    for (const client of clients) client.close()
  }
  return { root, record, writes }
}

/** What the clients knew when the record was so long. */
export function accountsAt({ writes }: Recording, cut: number): KnownAccount[] {
  const accounts = new Map<KnownAccount, KnownAccount>()
  for (const { account, change, begun, acknowledged, json, at } of writes) {
    if (begun > cut) continue
    const known = accounts.get(account) ?? unknownAccount()
    accounts.set(account, known)
    if (acknowledged <= cut) acknowledge(known, change, { json, at })
    else known.pending = change
  }
  return [...accounts.values()]
}
