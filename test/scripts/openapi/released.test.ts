import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { findBreakingChanges } from '../../../scripts/openapi/breaking-changes.ts'
import { judgeChanges } from '../../../scripts/openapi/judge-changes.ts'
import { getLastRelease } from '../../../scripts/openapi/last-release.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const changelog = readFileSync(`${root}/CHANGELOG.md`, 'utf8')

t.test('clients of the last release work on, or the changelog says what breaks them', (t) => {
  const { version, path } = getLastRelease()
  const breaking = findBreakingChanges(path, `${root}/openapi.json`)
  const objection = judgeChanges(breaking, version, changelog)
  t.equal(objection, undefined, objection ?? 'nothing breaks unannounced')
  t.end()
})

t.test('every release has left its document: npm run openapi:release', (t) => {
  const kept = readdirSync(`${root}/openapi/released`)
  for (const [, version = ''] of changelog.matchAll(/^## \[?(\d+\.\d+\.\d+)/gm))
    t.ok(kept.includes(`${version}.json`), version)
  for (const name of kept) {
    const { info } = JSON.parse(readFileSync(`${root}/openapi/released/${name}`, 'utf8'))
    t.equal(`${info.version}.json`, name)
  }
  t.end()
})

t.test('the last release is the one of the highest version', (t) => {
  const folder = t.testdir({ '0.9.0.json': '', '0.10.0.json': '', '0.2.11.json': '', 'README.md': '' })
  t.strictSame(getLastRelease(`${folder}/`), { version: '0.10.0', path: `${folder}/0.10.0.json` })
  t.throws(() => getLastRelease(t.testdir()), { message: /holds no document/ })
  t.end()
})

t.test('what breaks clients is to be announced in what is not released yet', (t) => {
  const changes = ['/token/: Path `/token/` was removed. (#/paths/~1token~1)']
  for (const [name, text, isAnnounced] of [
    ['a changelog that says nothing', '## Unreleased\n\n### Added\n\n- A thing.\n', false],
    ['no changelog', '', false],
    ['an announcement without a word', '## Unreleased\n\n### Breaking\n\n### Added\n\n- A thing.\n', false],
    ['one of an older release', '## Unreleased\n\n## 0.1.0\n\n### Breaking\n\n- Much.\n', false],
    ['an announcement', '# Changelog\n\n## Unreleased\n\n### Breaking\n\n- No tokens.\n\n## 0.1.0\n', true],
    [
      'one in brackets',
      '## [Unreleased]\n\n### Added\n\n- A.\n\n### Breaking changes\n\n- No tokens.\n',
      true
    ]
  ] as const) {
    const objection = judgeChanges(changes, '0.1.0', text)
    t.equal(objection === undefined, isAnnounced, name)
    if (!isAnnounced) t.match(objection, /clients of 0\.1\.0:\n {2}- \/token\/: .*\n.*"### Breaking"/)
  }
  t.equal(judgeChanges([], '0.1.0', ''), undefined)
  t.end()
})
