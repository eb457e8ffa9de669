import { existsSync, readdirSync } from 'node:fs'

/** Where Debian keeps PostgreSQL's programs, by major version. */
const VERSIONS = '/usr/lib/postgresql'

/** The folder of the newest one's programs. @throws where none is installed */
export function findDebianPostgres(): string {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).map(Number) : []
  const found = versions
    .sort((one, other) => other - one)
    .map((version) => `${VERSIONS}/${version}/bin`)
    .find((folder) => existsSync(`${folder}/initdb`))
  if (found === undefined) throw new Error('PostgreSQL is not installed: apt-get install postgresql')
  return found
}
