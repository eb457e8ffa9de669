import type { CircuitBreaker } from './circuit-breaker.ts'
import type { BegunAttempt, Limits } from './limits.ts'

/** Counts where all nodes count together; while that is away, where each does by itself, beginning with nothing. */
export function shareLimits(shared: Limits, own: Limits, breaker: CircuitBreaker): Limits {
  return {
    countRequests(name, windowMs) {
      const together = shared.countRequests(name, windowMs)
      const alone = own.countRequests(name, windowMs)
      return {
        add: (key) =>
          breaker.run(
            () => together.add(key),
            () => alone.add(key)
          )
      }
    },
    attempts: {
      begin: (keys) =>
        breaker.run(
          async () => {
            const begun = await shared.attempts.begin(keys)
            return 'waitMs' in begun ? begun : unlessAway(begun, breaker)
          },
          () => own.attempts.begin(keys)
        )
    }
  }
}

/** Where it can't be told how the attempt went, it goes on to count as failed until its window ends. */
const unlessAway = (begun: BegunAttempt, breaker: CircuitBreaker): BegunAttempt => ({
  succeed: () => breaker.run(() => begun.succeed(), nothing),
  abandon: () => breaker.run(() => begun.abandon(), nothing)
})

const nothing = async () => {}
