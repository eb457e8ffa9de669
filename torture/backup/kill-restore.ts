import { existsSync, mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../test/helper.ts'
import type { Random } from '../../test/hostile/seeded.ts'
import { run } from '../../test/service.ts'
import { createPictureCheck } from '../harness/media-folder.ts'
import { type Rows, readRows } from '../harness/rows.ts'
import type { Tally } from '../harness/tally.ts'

/** Longer than a restore takes from its lock on. */
const KILL_MS = 50

const textOf = ({ users, sessions }: Rows) =>
  JSON.stringify([[...users.values()], sessions.map(({ tokens, ...session }) => [session, [...tokens]])])

/**
 * Restores a backup over the one that was restored there before, and kills that at any moment: what is left is the old service
 * or the new one, with its pictures, and the next restore comes to its end.
 * @param folder empty at first, and kept from one backup to the next
 */
export async function killRestore(
  folder: string,
  backup: string,
  random: Random,
  { count, fail }: Tally
): Promise<void> {
  const database = `${folder}/data/profile.db`
  const isFirst = !existsSync(database)
  mkdirSync(folder, { recursive: true })
  const before = isFirst ? '' : textOf(readRows(database))
  if (!isFirst) {
    const { child, ended } = run(folder, { args: ['restore', '--replace', backup] })
    const isOver = () => child.exitCode !== null
    await eventually('it has begun', () => isOver() || existsSync(`${database}-restore-lock`))
    await sleep(random.below(KILL_MS))
    child.kill('SIGKILL')
    await ended
  }
  const left = isFirst ? undefined : readRows(database)
  for (const text of left?.damage ?? []) fail(`a killed restore left ${text}`)
  for (const name of left ? await createPictureCheck()(`${folder}/media/avatars`, left) : [])
    fail(`a killed restore left rows without the picture ${name}`)
  const { code, stderr } = await run(folder, { args: ['restore', '--replace', backup] }).ended
  if (code !== 0) return fail(`the restore after one that was killed: ${stderr}`)
  if (!left) return
  const isNew = textOf(left) === textOf(readRows(database))
  if (!isNew && textOf(left) !== before) fail('a killed restore left neither the old rows nor the new ones')
  count(isNew ? 'killed restores that were done' : 'killed restores that left what was there')
  const doctor = await run(folder, { args: ['doctor'] }).ended
  if (doctor.code !== 0) fail(`doctor after a killed restore: ${doctor.stdout}${doctor.stderr}`)
}
