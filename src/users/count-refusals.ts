import { ServiceError } from '../errors.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { SignInThrottle } from './sign-in-throttle.ts'

/** A throttle that tells of wrong passwords, and of those that were not looked at. */
export const countRefusals = (
  { guard }: SignInThrottle,
  telemetry: Pick<Telemetry, 'signInRefused'>
): SignInThrottle => ({
  async guard(attempt, check) {
    try {
      const result = await guard(attempt, check)
      if (result === undefined) telemetry.signInRefused('wrong')
      return result
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'throttled') telemetry.signInRefused('throttled')
      throw error
    }
  }
})
