import type { Test } from 'tap'
import type { AttemptLimits, BegunAttempt, Limits } from '../../src/limits/limits.ts'

export interface LimitsFixture {
  /** Empty, with these limits on attempts. */
  limits: Limits
  /** Lets time go by for what is counted. */
  advance(milliseconds: number): Promise<void>
  /** How many keys are kept now. */
  kept?(): Promise<number>
}

const WINDOW_MS = 60_000
const ada = { account: 'ada', address: 'a' }

/** What every `Limits` promises. `open` answers one that is closed when the test ends. */
export function limitsContract(
  t: Test,
  open: (t: Test, attempts: AttemptLimits) => Promise<LimitsFixture>
): void {
  const openWith = (t: Test, maxima: Partial<AttemptLimits> = {}) =>
    open(t, { maxPerAccount: 3, maxPerAddress: 5, windowMs: WINDOW_MS, ...maxima })

  /** One that has to be let in. */
  async function begin({ attempts }: Limits, keys = ada): Promise<BegunAttempt> {
    const begun = await attempts.begin(keys)
    if ('waitMs' in begun) throw new Error(`has to wait for ${begun.waitMs} ms`)
    return begun
  }
  const waitFor = async ({ attempts }: Limits, keys = ada) => {
    const begun = await attempts.begin(keys)
    return 'waitMs' in begun ? begun.waitMs : 0
  }
  const isAbout = (t: Test, ms: number, expected: number) =>
    t.ok(ms > expected - 10_000 && ms <= expected, `${ms} of ${expected} ms`)

  t.test('requests of a key are counted in a window that begins with the first', async (t) => {
    const { limits, advance, kept } = await openWith(t)
    const counter = limits.countRequests('read', WINDOW_MS)
    const first = await counter.add('a')
    t.equal(first.count, 1)
    isAbout(t, first.leftMs, WINDOW_MS)
    await advance(20_000)
    const second = await counter.add('a')
    t.equal(second.count, 2)
    isAbout(t, second.leftMs, WINDOW_MS - 20_000)
    t.equal((await limits.countRequests('read', WINDOW_MS).add('a')).count, 3, 'the same name')
    t.equal((await counter.add('b')).count, 1, 'another key')
    t.equal((await limits.countRequests('update', WINDOW_MS).add('a')).count, 1, 'another counter')
    await advance(WINDOW_MS - 20_000)
    t.equal((await counter.add('a')).count, 1)
    await advance(WINDOW_MS)
    if (kept) t.equal(await kept(), 0)
  })

  t.test('requests at once are each counted once', async (t) => {
    const { limits } = await openWith(t)
    const counter = limits.countRequests('read', WINDOW_MS)
    const counts = await Promise.all(Array.from({ length: 200 }, () => counter.add('a')))
    const expected = Array.from({ length: 200 }, (_, index) => index + 1)
    t.strictSame(
      counts.map(({ count }) => count).sort((a, b) => a - b),
      expected
    )
  })

  t.test('past the failures of an account nobody begins until its window ends', async (t) => {
    const { limits, advance } = await openWith(t)
    for (const address of ['a', 'b', 'c']) await begin(limits, { account: 'ada', address })
    await advance(20_000)
    isAbout(t, await waitFor(limits, { account: 'ada', address: 'd' }), WINDOW_MS - 20_000)
    await begin(limits, { account: 'bob', address: 'd' })
    await advance(WINDOW_MS - 20_000)
    await begin(limits, { account: 'ada', address: 'd' })
  })

  t.test('past the failures from an address nobody begins, whatever the account', async (t) => {
    const { limits, advance } = await openWith(t)
    for (const account of ['1', '2', '3', '4', '5']) await begin(limits, { account, address: 'a' })
    isAbout(t, await waitFor(limits, { account: '6', address: 'a' }), WINDOW_MS)
    await begin(limits, { account: '6', address: 'b' })
    await advance(WINDOW_MS)
    await begin(limits, { account: '6', address: 'a' })
  })

  t.test('who may not begin counts at neither', async (t) => {
    const { limits } = await openWith(t, { maxPerAccount: 1, maxPerAddress: 2 })
    await begin(limits)
    for (let attempt = 0; attempt < 5; attempt++) t.ok(await waitFor(limits))
    await begin(limits, { account: 'bob', address: 'a' })
    for (let attempt = 0; attempt < 5; attempt++)
      t.ok(await waitFor(limits, { account: 'eve', address: 'a' }))
    await begin(limits, { account: 'eve', address: 'b' })
  })

  t.test('a success clears its account, and the address of itself alone', async (t) => {
    const { limits } = await openWith(t)
    for (let failure = 0; failure < 2; failure++) await begin(limits)
    await (await begin(limits)).succeed()
    for (let failure = 0; failure < 3; failure++) await begin(limits)
    isAbout(t, await waitFor(limits), WINDOW_MS)
    isAbout(t, await waitFor(limits, { account: 'bob', address: 'a' }), WINDOW_MS)
  })

  t.test('many at once don’t slip through', async (t) => {
    const { limits } = await openWith(t, { maxPerAddress: 1000 })
    const begun = await Promise.all(Array.from({ length: 100 }, () => limits.attempts.begin(ada)))
    t.equal(begun.filter((one) => !('waitMs' in one)).length, 3)
  })

  t.test('what is abandoned, or alone and succeeds, leaves nothing', async (t) => {
    const { limits, kept } = await openWith(t, { maxPerAccount: 1, maxPerAddress: 1 })
    for (let attempt = 0; attempt < 5; attempt++) await (await begin(limits)).abandon()
    await (await begin(limits)).succeed()
    if (kept) t.equal(await kept(), 0)
    await begin(limits)
  })

  t.test('an attempt that ends in a later window takes nothing from its failures', async (t) => {
    for (const how of ['abandon', 'succeed'] as const) {
      const { limits, advance } = await openWith(t, { maxPerAccount: 2, maxPerAddress: 2 })
      const slow = await begin(limits, { account: 'slow', address: 'a' })
      await advance(WINDOW_MS)
      for (const account of ['slow', 'other']) await begin(limits, { account, address: 'a' })
      await slow[how]()
      t.ok(await waitFor(limits, { account: 'third', address: 'a' }), how)
    }
  })
}
