import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import { read } from './sqlite-errors.ts'

const SAMPLES = 100
/** Ids that are looked at in each place. */
const WIDTH = 100
const SAMPLES_A_TURN = 10

/** Estimates how many users there are by how many of some ids are somebody's, all over the range of the ids. */
export function prepareEstimate(database: Database): () => Promise<number> {
  const bounds = database.prepare<[], { first: number; last: number }>(
    'select ifnull(first, 1) first, ifnull(last, 0) last from (select (select min(id) from users) first, (select max(id) from users) last)'
  )
  const count = database
    .prepare<[number, number], number>('select count(*) from users where id >= ? and id < ?')
    .pluck()

  return async () => {
    const { first, last } = (await read(() => bounds.get())) ?? { first: 1, last: 0 }
    const range = last - first + 1
    if (range < 1) return 0
    const width = Math.min(WIDTH, Math.ceil(range / SAMPLES))
    let found = 0
    for (let sample = 0; sample < SAMPLES; sample++) {
      const from = first + Math.floor(((range - width) * sample) / (SAMPLES - 1))
      found += (await read(() => count.get(from, from + width))) ?? 0
      if (sample % SAMPLES_A_TURN === 0) await nextTurn()
    }
    return Math.round((range * found) / (SAMPLES * width))
  }
}
