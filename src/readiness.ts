import { errors } from './errors.ts'

/**
 * Asks the stores whether they answer: once at a time, however many want to know.
 * @param check throws where they don't
 * @param deadlineMs after that long it counts as no, and the next who wants to know asks anew
 * @returns throws `unavailable` (503), or what the check threw
 */
export function createReadiness(check: () => Promise<unknown>, deadlineMs: number): () => Promise<true> {
  let asked: Promise<true> | undefined

  async function ask(): Promise<true> {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(
      () => late.reject(errors.unavailable(new Error(`the stores did not answer within ${deadlineMs} ms`))),
      deadlineMs
    )
    try {
      await Promise.race([check(), late.promise])
      return true
    } finally {
      clearTimeout(timer)
      asked = undefined
    }
  }

  return () => {
    asked ??= ask()
    return asked
  }
}
