import type { UserId } from '../users/user.ts'
import type { Candidate } from './candidate.ts'
import { type Blocked, findExchange, releaseNames } from './import-exchanges.ts'
import { type ImportRun, PAGE, pause } from './import-run.ts'
import { importUser } from './import-user.ts'

type Direction = 'ascending' | 'descending'

/**
 * Tries those again whose names were somebody else's, who may have got another one since: as long as that helps anyone,
 * up and down in turn, so that a chain of renames takes two rounds whichever way it goes. Who then wait for each other get
 * their names at once.
 */
export async function importDeferred(run: ImportRun): Promise<void> {
  let direction: Direction = 'ascending'
  while ((await tryAll(run, direction)) + (await exchangeAll(run)) > 0)
    direction = direction === 'ascending' ? 'descending' : 'ascending'
  for await (const { id, attempt } of attempts(run, 'ascending')) {
    if (!attempt.done) await attempt.giveUp()
    await run.store.resume(id)
  }
}

async function tryAll(
  run: ImportRun,
  direction: Direction,
  only?: ReadonlyMap<UserId, unknown>
): Promise<number> {
  let helped = 0
  for await (const { id, attempt } of attempts(run, direction, only)) {
    if (!attempt.done) continue
    await run.store.resume(id)
    helped++
  }
  return helped
}

async function exchangeAll(run: ImportRun): Promise<number> {
  const waiting: Blocked[] = []
  let helped = 0
  for await (const { id, attempt } of attempts(run, 'ascending')) {
    if (attempt.done) {
      await run.store.resume(id)
      helped++
    } else if (attempt.names) waiting.push({ id, taken: attempt.taken, names: attempt.names })
  }
  const exchange = findExchange(waiting)
  if (exchange.size === 0) return helped
  await releaseNames(run, exchange.values())
  const exchanged = await tryAll(run, 'ascending', exchange)
  // Nobody may be left without a name: rather nothing is imported.
  if (exchanged !== exchange.size) throw new Error('names that were to be exchanged are taken')
  return helped + exchanged
}

async function* attempts(run: ImportRun, direction: Direction, only?: ReadonlyMap<UserId, unknown>) {
  const { store } = run
  let from = direction === 'ascending' ? 0 : Number.MAX_SAFE_INTEGER
  for (;;) {
    const page: Candidate[] = await store.listDeferred(from, direction, PAGE)
    const last = page.at(-1)
    if (!last) return
    for (const candidate of page) {
      if (only && !only.has(candidate.id)) continue
      const known = await store.find([candidate.id])
      yield { id: candidate.id, attempt: await importUser(run, candidate, known.get(candidate.id)) }
    }
    from = last.id
    await pause(run)
  }
}
