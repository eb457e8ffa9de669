import { hash } from 'node:crypto'
import type { RedisClient } from './redis-client.ts'

/** Runs a script, which Redis takes as one atomic step, on keys that in a cluster are of one slot. */
export type RunScript = (
  client: RedisClient,
  keys: readonly string[],
  values: readonly (string | number)[]
) => Promise<unknown>

/** A script that is sent by its hash, and whole to a Redis that doesn't know it yet. */
export function redisScript(text: string): RunScript {
  const sha1 = hash('sha1', text)
  return async (client, keys, values) => {
    try {
      return await client.evalsha(sha1, keys.length, ...keys, ...values)
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return client.eval(text, keys.length, ...keys, ...values)
    }
  }
}
