import type { OperationWatcher } from './telemetry.ts'

/**
 * A port whose operations are told to watchers; itself where there are none. Of what answers no promise, such as a listing,
 * only the beginning is measured.
 * @param name the port's
 */
export function watched<Port extends object>(
  name: string,
  port: Port,
  watchers: readonly OperationWatcher[]
): Port {
  if (watchers.length === 0) return port
  const entries = Object.entries(port).map(([key, value]) => [
    key,
    typeof value === 'function' ? watchedOperation(name, key, value.bind(port), watchers) : value
  ])
  return Object.fromEntries(entries) as Port
}

function watchedOperation(
  port: string,
  operation: string,
  run: (...values: unknown[]) => unknown,
  watchers: readonly OperationWatcher[]
): (...values: unknown[]) => unknown {
  return (...values) => {
    const ends = watchers.map((watcher) => watcher(port, operation))
    const end = (error?: unknown) => {
      for (const one of ends) one(error)
    }
    const fail = (error: unknown) => {
      end(error)
      throw error
    }
    try {
      const result = run(...values)
      if (result instanceof Promise) {
        return result.then((value) => {
          end()
          return value
        }, fail)
      }
      end()
      return result
    } catch (error) {
      return fail(error)
    }
  }
}
