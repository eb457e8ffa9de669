import { ConfigError } from './config-error.ts'
import { findOptionFault, type JwksOptions } from './identity/jwks-options.ts'

type Get = (name: string) => string | undefined

/** The settings of each option. */
const SETTINGS: Record<string, string> = {
  url: 'JWKS_URL',
  issuer: 'JWT_ISSUER',
  audience: 'JWT_AUDIENCE',
  algorithms: 'JWT_ALGORITHMS',
  claims: 'JWT_CLAIMS',
  autoProvision: 'AUTO_PROVISION'
}

/** The identity provider whose tokens are taken instead of our own; undefined where there is none. @throws {ConfigError} */
export function readJwks(get: Get, autoProvision: boolean): JwksOptions | undefined {
  const url = get('JWKS_URL')
  if (url === undefined) {
    const alone = Object.values(SETTINGS).find((name) => get(name) !== undefined)
    if (alone === undefined) return undefined
    throw new ConfigError('JWKS_URL', `has to be set where ${alone} is`)
  }
  if (get('JWT_SECRET') !== undefined)
    throw new ConfigError('JWKS_URL, JWT_SECRET', 'only one of them can be set: tokens are theirs or ours')
  const options = {
    url,
    issuer: getBeside(get, 'JWT_ISSUER'),
    audience: getBeside(get, 'JWT_AUDIENCE'),
    ...readAlgorithms(get),
    ...readClaims(get),
    autoProvision
  }
  const fault = findOptionFault(options)
  if (fault) throw new ConfigError(SETTINGS[fault.option] ?? fault.option, fault.expected)
  // It has no fault.
  return options as JwksOptions
}

function getBeside(get: Get, name: string): string {
  const value = get(name)
  if (value !== undefined) return value
  throw new ConfigError(name, 'has to be set where JWKS_URL is')
}

const split = (text: string) => text.split(',').map((item) => item.trim())

function readAlgorithms(get: Get): { algorithms?: string[] } {
  const text = get('JWT_ALGORITHMS')
  return text === undefined ? {} : { algorithms: split(text) }
}

/** `username=preferred_username,email=mail` as names. */
function readClaims(get: Get): { claims?: Record<string, string> } {
  const text = get('JWT_CLAIMS')
  if (text === undefined) return {}
  const pairs = split(text).map((pair) => /^(\w+)\s*=\s*(\S.*)$/.exec(pair)?.slice(1) ?? [])
  const isWhole = pairs.every((pair) => pair.length === 2)
  if (isWhole && new Set(pairs.map(([name]) => name)).size === pairs.length)
    return { claims: Object.fromEntries(pairs) }
  throw new ConfigError('JWT_CLAIMS', `expected pairs such as username=name,email=mail, not "${text}"`)
}
