import { eventually } from '../../../test/helper.ts'
import type { Cluster } from './cluster.ts'
import type { Fault } from './play-fault.ts'

/** Requests a minute of the kind that is counted here, which nobody else asks for. */
const LIMIT = 6
/** Of all other kinds there are more than a load can make. */
const RATE_LIMITS = [
  'signUp=100000',
  'signIn=100000',
  'token=1000000',
  'password=100000/100000',
  'read=1000000/1000000',
  'update=1000000/1000000',
  `avatar=${LIMIT}`
].join()

/** Settings of nodes that limit, which is what they need Redis for. */
export const LIMITED = { RATE_LIMIT: 'on', RATE_LIMITS }

let serial = 0

/** How many of many requests from one address are let through, of those to one node and another in turn. */
async function letThrough(origins: readonly string[]): Promise<number> {
  serial++
  const headers = { 'x-forwarded-for': `10.7.${serial >> 8}.${serial & 255}` }
  let passed = 0
  for (let round = 0; round < LIMIT + 2; round++)
    for (const origin of origins) {
      const response = await fetch(`${origin}/api/avatars/1/`, { headers, redirect: 'manual' })
      await response.arrayBuffer()
      if (response.status !== 429) passed++
    }
  return passed
}

const originsOf = ({ nodes }: Cluster) => nodes.map(({ origin }) => origin)

/** With Redis away each node lets through what all of them would together. */
export const checkOwnLimits: NonNullable<Fault['check']> = async ({ cluster, tally }) => {
  const expected = LIMIT * cluster.nodes.length
  await eventually('each node limits by itself', async () => {
    const passed = await letThrough(originsOf(cluster))
    if (passed > expected) tally.fail(`without Redis ${passed} requests passed, of ${expected} at most`)
    return passed === expected
  }).catch(({ message }) => tally.fail(message))
  tally.count('limits that held without Redis')
}

/** Whether they are limited together. */
export const sharesLimits: NonNullable<Fault['isOver']> = async ({ cluster }) =>
  (await letThrough(originsOf(cluster))) === LIMIT
