import { beside } from '../harness/beside.ts'
import { interleave } from '../harness/interleave.ts'
import { countedSubject, type LoadSubjectOptions, loadSubject } from '../harness/load-subject.ts'
import type { LoopSubject } from '../harness/loop-subject.ts'
import type { Bench, RowResult } from '../harness/row.ts'
import { ratioOf } from '../harness/statistics.ts'
import { spreadIds, updateRequests } from '../load/profile-requests.ts'
import { SECRET } from '../servers/start.ts'
import { CONNECTIONS, USERS } from './sizes.ts'

interface SlowWork {
  /** Such as `uploads`. */
  work: string
  load: LoadSubjectOptions
  /** The work alone, without a server; stopped afterwards. */
  loop: LoopSubject
}

/** Work that keeps a processor busy, beside a bare loop over it, and what JSON updates of the same server notice. */
export async function measureSlowWork(
  bench: Bench,
  { work, load, loop }: SlowWork
): Promise<Pick<RowResult, 'contestants' | 'ratios'>> {
  try {
    const updates = await loadSubject(bench, {
      ...load,
      name: 'JSON updates alone',
      requests: updateRequests(spreadIds(USERS, USERS), SECRET),
      connections: CONNECTIONS
    })
    const subjects = [
      await countedSubject(bench, load),
      loop,
      updates,
      beside(`JSON updates beside ${work}`, updates, await loadSubject(bench, load))
    ]
    const contestants = await interleave(subjects, bench.rounds, bench.log)
    const [served, alone, updated, besides] = contestants.map(({ samples }) => samples)
    return {
      contestants,
      ratios: [
        ratioOf(`${work}/s ÷ ${loop.name}`, served?.requestsPerSecond, alone?.requestsPerSecond, {
          atLeast: 0.9
        }),
        ratioOf(`p99 of JSON updates beside ${work} ÷ alone`, besides?.p99Ms, updated?.p99Ms, { atMost: 5 })
      ]
    }
  } finally {
    loop.stop()
  }
}
