import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const RELEASED = fileURLToPath(new URL('../../openapi/released/', import.meta.url))

export interface Release {
  version: string
  /** Of its OpenAPI document. */
  path: string
}

/**
 * The newest release whose document was kept (`npm run openapi:release`).
 * @throws where none was
 */
export function getLastRelease(folder = RELEASED): Release {
  const versions = readdirSync(folder).flatMap((name) => /^(\d+\.\d+\.\d+)\.json$/.exec(name)?.[1] ?? [])
  const newest = versions.sort((one, other) => one.localeCompare(other, 'en', { numeric: true })).at(-1)
  if (newest === undefined) throw new Error(`${folder} holds no document of a release`)
  return { version: newest, path: `${folder}${newest}.json` }
}
