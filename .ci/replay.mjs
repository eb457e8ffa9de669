// Replays the requests that were recorded from the original Django API, over the database they were recorded on.
// Usage, from the project's root: node .ci/replay.mjs ORACLE_FOLDER
//
// The replay gives each case that changes something a service of its own. Some cases are marked as changing nothing because
// the original refused them, though here they succeed on purpose (a path without its last slash, a picture named like a
// text): on the one service that all of those share they would change what later ones see. They are marked anew; what each
// case asks and expects stays as it is.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const oracle = resolve(process.argv[2] ?? '../shared/oracle')
const cases = JSON.parse(readFileSync(join(oracle, 'cases.json'), 'utf8'))

/** Whether it writes here. `POST /api/profile/` reads. */
const writes = ({ request: { method, path }, expect: { status } }) =>
  method !== 'GET' && path !== '/api/profile/' && status.some((one) => one < 300)

const folder = mkdtempSync(join(tmpdir(), 'cases-'))
try {
  const path = join(folder, 'cases.json')
  const marked = cases.map((one) => (writes(one) ? { ...one, changes: true } : one))
  writeFileSync(path, JSON.stringify(marked))
  const { status } = spawnSync(process.execPath, [join(oracle, 'replay.mjs'), path], { stdio: 'inherit' })
  process.exitCode = status ?? 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
