import { ConfigError } from './config-error.ts'
import { errorCode } from './error-code.ts'

/**
 * Loads what only a setting asks for, from packages that need not be there.
 * @throws {ConfigError} with the setting and the packages, where one is missing
 */
export async function loadOptional<T>(setting: string, packages: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new ConfigError(setting, `a package is missing; install what it needs: npm install ${packages}`)
  }
}
