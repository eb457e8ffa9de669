import t from 'tap'
import type { MovableRow, MovableTable } from '../../../src/migration/movable-tables.ts'
import type { LockedView, MigrationSource, MigrationTarget } from '../../../src/migration/row-stores.ts'
import { runMigration } from '../../../src/migration/run-migration.ts'
import { openKeyList } from '../../../src/stores/sqlite/key-list.ts'

const unused = (): never => {
  throw new Error('not asked for')
}

/** Two databases in memory, with what was done to them, in order. */
function ground(movedTo?: string) {
  const told: string[] = []
  const ours: Record<string, MovableRow[]> = { imported_users: [['1', 'ab']] }
  const theirs: Record<string, MovableRow[]> = {}
  async function* read(rows: MovableRow[] = []) {
    yield rows
  }
  const view = (name: string): LockedView => ({
    count: async ({ name }) => ours[name]?.length ?? 0,
    read: ({ name }) => read(ours[name]),
    find: unused,
    async *readAvatars() {},
    facts: async () => ({ lastUserId: 7, nameKeyRule: 1 }),
    unfit: () => ({ rows: [], more: 0 }),
    seal: async (to) => void told.push(`sealed: ${to}`),
    close: async () => void told.push(`${name} closed`)
  })
  const source: MigrationSource = {
    label: 'source',
    openView: async () => view('view'),
    lock: async () => view('lock'),
    movedTo: async () => movedTo,
    unseal: unused,
    close: unused
  }
  const target: MigrationTarget = {
    label: 'target',
    claim: async () => true,
    count: unused,
    read: ({ name }: MovableTable) => read(theirs[name]),
    async insert({ name }, rows) {
      told.push(`${rows.length} into ${name}`)
      theirs[name] = [...(theirs[name] ?? []), ...rows]
    },
    remove: unused,
    facts: async () => ({ lastUserId: 9, nameKeyRule: 0 }),
    finish: async ({ lastUserId }) => void told.push(`open from ${lastUserId}`),
    close: unused
  }
  const run = (changed: { source?: Partial<MigrationSource>; target?: Partial<MigrationTarget> } = {}) =>
    runMigration({
      source: { ...source, ...changed.source },
      target: { ...target, ...changed.target },
      pictures: undefined,
      ahead: false,
      openKeyList,
      signal: new AbortController().signal,
      onProgress() {}
    })
  return { told, ours, theirs, target, view, run, read }
}

t.test('the old database is sealed before the new one opens, and no id comes back', async (t) => {
  const { told, run } = ground()
  t.match(await run(), { state: 'moved', tables: { 1: { rows: 1, written: 1, isEqual: true } } })
  t.strictSame(told, ['1 into imported_users', 'view closed', 'sealed: target', 'open from 9', 'lock closed'])
})

t.test('what reads otherwise than it was written seals nothing', async (t) => {
  const { told, ours, run, view, read } = ground()
  const lock = async () => {
    ours.imported_users?.push(['2', 'cd'])
    return view('lock')
  }
  const damaged = ({ name }: MovableTable) => read(name === 'imported_users' ? [['1', 'xx']] : [])
  const changed = { source: { lock }, target: { read: damaged, remove: async () => {} } }
  // What differs is found missing by its key, and asked for.
  const find = async () => [['1', 'ab']]
  const outcome = await run({
    ...changed,
    source: {
      lock: async () => ({ ...(await lock()), find }),
      openView: async () => ({ ...view('view'), find })
    }
  })
  t.match(outcome, { state: 'different', tables: { 1: { rows: 2, isEqual: false } } })
  t.notMatch(told.join(), /sealed|open/)
  t.equal(told.at(-1), 'lock closed')
})

t.test('where the new one can’t be opened any more, that is said, and the next run opens it', async (t) => {
  const { told, run } = ground()
  const finish = async () => {
    throw new Error('It is away.')
  }
  await t.rejects(run({ target: { finish } }), {
    name: 'MigrationRefused',
    exitCode: 2,
    message: 'It is away. The old database takes no more writes, and the new one none yet: run it again.'
  })
  const again = await run({ source: { movedTo: async () => 'target' } })
  t.match(again, { state: 'moved', tables: { 1: { written: 0 } } })
  t.strictSame(told.slice(-3), ['sealed: target', 'open from 9', 'lock closed'])
})

t.test('what was moved elsewhere is moved nowhere else, and what is done is not done again', async (t) => {
  const elsewhere = ground('another')
  await t.rejects(elsewhere.run(), { exitCode: 1, message: /was moved to another before; --reopen/ })
  const done = ground('target')
  t.match(await done.run({ target: { claim: async () => false } }), { state: 'already', tables: [] })
  t.strictSame([...elsewhere.told, ...done.told], [])
})
