import t from 'tap'
import { play } from '../../torture/play.ts'
import { SCENARIOS } from '../../torture/scenarios.ts'

/** `TORTURE_SEED=…` repeats the random choices of a run that failed, as far as a race can be repeated. */
const SEED = Number(process.env.TORTURE_SEED ?? Date.now() % 1_000_000)

for (const scenario of SCENARIOS) {
  t.test(`${scenario.title} (${scenario.name}, TORTURE_SEED=${SEED})`, async (t) => {
    const { counts, failures } = await play(scenario, { size: 'ci', seed: SEED, say: () => {} })
    t.strictSame(failures, [])
    t.ok(
      Object.values(counts).some((count) => count > 0),
      'something was done'
    )
    t.comment(
      Object.entries(counts)
        .map(([name, count]) => `${name}: ${count}`)
        .join(', ')
    )
  })
}
