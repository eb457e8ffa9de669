import { NotAcknowledged } from '../harness/busy-client.ts'
import { IMPROPER, SEEN } from '../harness/cluster/fault-table.ts'
import type { Asked } from '../harness/cluster/load.ts'
import type { Counter } from '../harness/tally.ts'

/** A client may see the request fail that it had sent when a node went away, and no other. */
export function judgeKill(
  { errors, gone }: { errors: Asked[]; gone: number },
  { count, atMost, fail }: Counter
): void {
  const ofClients = new Map<number, number>()
  for (const { client, began, error } of errors) {
    ofClients.set(client, (ofClients.get(client) ?? 0) + 1)
    count(SEEN)
    const fault = began > gone ? `begun ${Math.round(began - gone)} ms after a node had gone` : faultOf(error)
    if (fault === undefined) continue
    count(IMPROPER)
    fail(`a request failed, ${fault}: ${error}`)
  }
  for (const [client, sum] of ofClients) {
    atMost('most errors of a client at once', sum)
    if (sum > 1) fail(`client ${client} saw ${sum} errors when a node was killed`)
  }
}

/** What is wrong with what the balancer says where a node broke off. */
function faultOf(error: unknown): string | undefined {
  if (!(error instanceof NotAcknowledged)) return 'without a whole answer'
  const { status, json } = error.answer
  // It was done, and the balancer asked the next node to do it again.
  if (error.kind === 'delete' && status === 401) return undefined
  return status === 502 && typeof json.error === 'string' ? undefined : `with ${status}, in no words of ours`
}
