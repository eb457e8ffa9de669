import type { UserId } from '../users/user.ts'
import type { Candidate } from './candidate.ts'
import { type Blocked, findExchange, releaseNames } from './import-exchanges.ts'
import { type ImportRun, PAGE, pause } from './import-run.ts'
import { importUser } from './import-user.ts'

/** Users whose names others have, by id. Those without `names` are not here yet. */
type Waiting = Map<UserId, Pick<Blocked, 'taken'> & { names?: Blocked['names'] }>

/**
 * Tries those again whose names were somebody else's, who may have got another one since: each once more, and after that
 * when the one it waits for has moved on, so that a chain of renames takes no longer for its length. Who then wait for each
 * other get their names at once.
 */
export async function importDeferred(run: ImportRun): Promise<void> {
  while ((await tryAll(run)) > 0);
  for await (const candidate of listDeferred(run)) {
    const attempt = await tryOne(run, candidate)
    if (!attempt.done) await attempt.giveUp()
    await run.store.resume(candidate.id)
  }
}

/** @returns how many of an exchange it helped, whose old names others may have waited for */
async function tryAll(run: ImportRun): Promise<number> {
  const waiting: Waiting = new Map()
  const moved: UserId[] = []
  for await (const candidate of listDeferred(run))
    if (await settle(run, candidate, waiting)) moved.push(candidate.id)
  await followUp(run, waiting, moved)

  const blocked = [...waiting].flatMap(([id, { taken, names }]) => (names ? [{ id, taken, names }] : []))
  const exchange = findExchange(blocked)
  await releaseNames(run, exchange.values())
  let helped = 0
  for (const id of exchange.keys()) if (await settleById(run, id, waiting)) helped++
  // Nobody may be left without a name: rather nothing is imported.
  if (helped !== exchange.size) throw new Error('names that were to be exchanged are taken')
  return helped
}

/** Tries those who waited for somebody who has moved on, and who waited for them, and so on. */
async function followUp(run: ImportRun, waiting: Waiting, moved: UserId[]): Promise<void> {
  const waitFor = new Map<UserId, Set<UserId>>()
  const note = (id: UserId) => {
    for (const { by } of waiting.get(id)?.taken ?? []) {
      const ids = waitFor.get(by) ?? new Set()
      waitFor.set(by, ids.add(id))
    }
  }
  for (const id of waiting.keys()) note(id)
  for (let by = moved.pop(), tried = 1; by !== undefined; by = moved.pop()) {
    const ids = waitFor.get(by) ?? []
    waitFor.delete(by)
    for (const id of ids) {
      if (!waiting.has(id)) continue
      if (await settleById(run, id, waiting)) moved.push(id)
      else note(id)
      if (tried++ % PAGE === 0) await pause(run)
    }
  }
}

async function settleById(run: ImportRun, id: UserId, waiting: Waiting): Promise<boolean> {
  const [candidate] = await run.store.listDeferred(id - 1, 1)
  return candidate?.id === id && settle(run, candidate, waiting)
}

async function settle(run: ImportRun, candidate: Candidate, waiting: Waiting): Promise<boolean> {
  const { id } = candidate
  const attempt = await tryOne(run, candidate)
  if (attempt.done) {
    waiting.delete(id)
    await run.store.resume(id)
  } else waiting.set(id, attempt)
  return attempt.done
}

async function tryOne(run: ImportRun, candidate: Candidate) {
  const known = await run.store.find([candidate.id])
  return importUser(run, candidate, known.get(candidate.id))
}

async function* listDeferred(run: ImportRun): AsyncGenerator<Candidate> {
  for (let after = 0; ; ) {
    const page = await run.store.listDeferred(after, PAGE)
    const last = page.at(-1)
    if (!last) return
    yield* page
    after = last.id
    await pause(run)
  }
}
