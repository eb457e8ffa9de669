// Says what of the interface changed since the last release in a way that breaks clients: npm run openapi:diff
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findBreakingChanges } from './openapi/breaking-changes.ts'
import { judgeChanges } from './openapi/judge-changes.ts'
import { getLastRelease } from './openapi/last-release.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const { version, path } = getLastRelease()
const breaking = findBreakingChanges(path, `${root}/openapi.json`)
const objection = judgeChanges(breaking, version, readFileSync(`${root}/CHANGELOG.md`, 'utf8'))
if (objection !== undefined) process.exitCode = 1
const summary =
  breaking.length === 0
    ? `Nothing breaks clients of ${version}.`
    : [`Clients of ${version} have to change, as CHANGELOG.md says:`, ...breaking].join('\n')
process.stdout.write(`${objection ?? summary}\n`)
