import type { Clock } from '../clock.ts'
import { ServiceError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Act, AuditLog, FieldChanges } from './audit-log.ts'

/** Writes down an act, does it, and writes down what came of it. */
export type RecordAct = <Result>(
  act: Omit<Act, 'at'>,
  perform: () => Promise<{ result: Result; changes: FieldChanges | null }>
) => Promise<Result>

/**
 * Nothing is done that is not written down. What was refused is marked so; where a store went away on the way, nobody knows, and
 * the act stays begun.
 */
export function createActRecorder({
  audit,
  clock,
  log
}: {
  audit: AuditLog
  clock: Clock
  log: Log
}): RecordAct {
  /** An act that is done is answered as done: what was written down before stays true of it. */
  async function finish(id: number, outcome: 'done' | 'refused', changes: FieldChanges | null) {
    try {
      await audit.finish(id, outcome, changes)
    } catch (error) {
      log.error({ err: error, act: id, outcome }, 'what came of an act could not be written down')
    }
  }

  return async (act, perform) => {
    const id = await audit.begin({ at: clock.now(), ...act })
    try {
      const { result, changes } = await perform()
      await finish(id, 'done', changes)
      return result
    } catch (error) {
      if (error instanceof ServiceError && error.status < 500) await finish(id, 'refused', act.changes)
      throw error
    }
  }
}
