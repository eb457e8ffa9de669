import { type BroughtTable, bringRows } from './bring-rows.ts'
import { compareRows } from './compare-rows.ts'
import type { KeyList } from './key-list.ts'
import { MigrationRefused } from './migration-refused.ts'
import { MOVABLE_TABLES } from './movable-tables.ts'
import type { PictureCounts, PictureMover } from './move-pictures.ts'
import type {
  DatabaseFacts,
  LockedView,
  MigrationSource,
  MigrationTarget,
  RowView,
  UnfitRow
} from './row-stores.ts'
import type { TableDigest } from './table-digest.ts'

export type MigrationPhase = 'rows' | 'pictures' | 'last-rows' | 'last-pictures' | 'verify'

export interface MigrationWork {
  source: MigrationSource
  target: MigrationTarget
  /** Undefined where pictures stay where they are. */
  pictures: PictureMover | undefined
  /** Copies and leaves everything in use as it is. */
  ahead: boolean
  openKeyList(): KeyList
  signal: AbortSignal
  onProgress(phase: MigrationPhase, done: number, total: number): void
}

export interface TableOutcome extends TableDigest {
  table: string
  /** Rows that this run wrote; more than there are where some were written again. */
  written: number
  /** Whether the target's checksum is the same. */
  isEqual: boolean
}

export interface MigrationOutcome {
  /**
   * `moved`: the target is open and the source sealed; `ahead`: copied, and not yet moved; `unfit`, `different`: left
   * unfinished, the source in use; `already`: moved by an earlier run.
   */
  state: 'moved' | 'ahead' | 'unfit' | 'different' | 'already'
  tables: TableOutcome[]
  pictures: PictureCounts | undefined
  unfit: { rows: readonly UnfitRow[]; more: number }
  /** How long nobody could write to the source, in seconds; undefined where it was not locked. */
  lockedSeconds: number | undefined
}

const NONE = { rows: [], more: 0 }

/**
 * Moves rows and pictures: most of it while the source is in use, then what was written meanwhile while nobody can write. The
 * source is sealed before the target opens, so that at any moment at most one of them takes writes, and whatever was
 * acknowledged is in the target. Ended anywhere, it is taken up by the next run.
 */
export async function runMigration(work: MigrationWork): Promise<MigrationOutcome> {
  const { source, target, pictures, ahead } = work
  const outcome = { tables: [], pictures: undefined, unfit: NONE, lockedSeconds: undefined }
  const movedTo = await source.movedTo()
  if (movedTo !== undefined && movedTo !== target.label)
    throw new MigrationRefused(`${source.label} was moved to ${movedTo} before; --reopen takes that back.`)
  if (!(await target.claim(source.label))) {
    if (movedTo !== undefined) return { ...outcome, state: 'already' }
    throw new MigrationRefused(`${target.label} is in use: it holds rows. A move needs an empty database.`)
  }
  const first = await withView(source, (view) => bringAll(view, work, ['rows', 'pictures']))
  if (isUnfit(first.unfit)) return { ...outcome, ...first, pictures: pictures?.counts(), state: 'unfit' }
  if (ahead) return { ...outcome, ...first, pictures: pictures?.counts(), state: 'ahead' }
  const locked = await source.lock(work.signal)
  const lockedAt = performance.now()
  try {
    const last = await finish(locked, work)
    const tables = last.tables.map((table, index) => ({
      ...table,
      written: table.written + (first.tables[index]?.written ?? 0)
    }))
    const lockedSeconds = (performance.now() - lockedAt) / 1000
    return { ...last, tables, pictures: pictures?.counts(), lockedSeconds }
  } finally {
    await locked.close()
  }
}

/** Where it returns without the state `moved`, the source is as it was once the view is closed. */
async function finish(
  view: LockedView,
  work: MigrationWork
): Promise<Omit<MigrationOutcome, 'lockedSeconds'>> {
  const { target } = work
  const brought = await bringAll(view, work, ['last-rows', 'last-pictures'])
  const outcome = { ...brought, pictures: undefined }
  if (isUnfit(brought.unfit)) return { ...outcome, state: 'unfit' }
  const tables = await verifyTarget(brought.tables, work)
  if (tables.some(({ isEqual }) => !isEqual)) return { ...outcome, tables, state: 'different' }
  const [ours, theirs] = [await view.facts(), await target.facts()]
  work.signal.throwIfAborted()
  await view.seal(target.label)
  await open(target, { ...ours, lastUserId: Math.max(ours.lastUserId, theirs.lastUserId) })
  return { ...outcome, tables, state: 'moved' }
}

/** @throws {MigrationRefused} with how things stand then: both databases are closed, and all is in both */
async function open(target: MigrationTarget, facts: DatabaseFacts): Promise<void> {
  try {
    await target.finish(facts)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const state = 'The old database takes no more writes, and the new one none yet: run it again'
    throw new MigrationRefused(`${reason} ${state}.`, { exitCode: 2, cause })
  }
}

async function withView<T>(source: MigrationSource, work: (view: RowView) => Promise<T>): Promise<T> {
  const view = await source.openView()
  try {
    return await work(view)
  } finally {
    await view.close()
  }
}

async function bringAll(
  view: RowView,
  { target, pictures, openKeyList, signal, onProgress }: MigrationWork,
  [rowsPhase, picturesPhase]: readonly [MigrationPhase, MigrationPhase]
): Promise<Pick<MigrationOutcome, 'tables' | 'unfit'>> {
  const tables: TableOutcome[] = []
  const total = await countAll(view)
  let before = 0
  for (const table of MOVABLE_TABLES) {
    const onRows = (done: number) => onProgress(rowsPhase, before + done, total)
    const brought = await bringRows(table, { source: view, target, openKeyList, signal, onRows })
    before += brought.rows
    tables.push(outcomeOf(table.name, brought))
  }
  if (pictures) {
    onProgress(picturesPhase, 0, 0)
    await pictures.move(view.readAvatars(), signal)
  }
  return { tables, unfit: view.unfit() }
}

const outcomeOf = (table: string, { removed, ...brought }: BroughtTable): TableOutcome => ({
  table,
  ...brought,
  // Nothing had to be changed: that is what both were compared for.
  isEqual: brought.written === 0 && removed === 0
})

/** Reads what was written back, and compares it with what the source had. It can't have changed meanwhile. */
async function verifyTarget(
  tables: readonly TableOutcome[],
  { target, signal, onProgress }: MigrationWork
): Promise<TableOutcome[]> {
  const total = tables.reduce((sum, { rows, isEqual }) => sum + (isEqual ? 0 : rows), 0)
  let done = 0
  const verified: TableOutcome[] = []
  for (const table of MOVABLE_TABLES) {
    const outcome = tables.find((one) => one.table === table.name)
    if (!outcome) throw new Error(`${table.name} was not brought`)
    if (outcome.isEqual) {
      verified.push(outcome)
      continue
    }
    const { target: found } = await compareRows(
      table,
      { source: none(), target: target.read(table) },
      {
        missing() {},
        changed() {},
        extra() {
          if (++done % 2000 === 0) onProgress('verify', done, total)
          signal.throwIfAborted()
        }
      }
    )
    verified.push({ ...outcome, isEqual: found.rows === outcome.rows && found.sha256 === outcome.sha256 })
  }
  return verified
}

async function* none(): AsyncIterable<never[]> {}

async function countAll(view: RowView): Promise<number> {
  let total = 0
  for (const table of MOVABLE_TABLES) total += await view.count(table)
  return total
}

const isUnfit = ({ rows }: MigrationOutcome['unfit']) => rows.length > 0
