import { readdirSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Test } from 'tap'
import { childrenOf, peakMegabytes } from '../processes.ts'
import type { Service } from '../service.ts'

/** What the service wrote of decoders that a picture broke. */
export const crashesOf = (service: Service) =>
  service.stdout().split('a picture broke its decoder').length - 1

/** The files in the folder of pictures that no row refers to, and the rows' files that are not there. */
export function straysOf(folder: string): string[] {
  const database = new Database(`${folder}/data/profile.db`, { readonly: true })
  try {
    const rows = database.prepare('select avatar from users where avatar is not null').all() as {
      avatar: string
    }[]
    const [referred, files] = [
      new Set(rows.map(({ avatar }) => avatar)),
      readdirSync(`${folder}/media/avatars`)
    ]
    const missing = [...referred].filter((name) => !files.includes(name))
    return [...files.filter((name) => !referred.has(name)), ...missing]
  } finally {
    database.close()
  }
}

/** The most memory of the service and of any of its decoders, in megabytes; 0 where the system doesn't tell. */
export function watchMemory(t: Test, pid: number) {
  const peak = { service: 0, decoder: 0 }
  function look(): void {
    peak.service = Math.max(peak.service, peakMegabytes(pid))
    for (const child of childrenOf(pid)) peak.decoder = Math.max(peak.decoder, peakMegabytes(child))
  }
  const timer = setInterval(look, 20)
  t.teardown(() => clearInterval(timer))
  return peak
}
