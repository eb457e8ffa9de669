import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Type } from '@sinclair/typebox'
import t, { type Test } from 'tap'
import type { ApiDescription } from '../../plugins/openapi/api-description.ts'
import { describeApi } from '../../plugins/openapi/describe-api.ts'
import { DEFAULTS } from '../../src/defaults.ts'
import { noProfileFields, readProfileFields } from '../../src/validation/profile-fields.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What Redocly objects to, by the rules in redocly.yaml: `rule at place`. */
function problemsOf(t: Test, document: object): string[] {
  const file = `${t.testdir()}/document.json`
  writeFileSync(file, JSON.stringify(document))
  const cli = `${root}/node_modules/@redocly/cli/bin/cli.js`
  const options = [cli, 'lint', file, '--config', `${root}/redocly.yaml`, '--format', 'json']
  const { stdout, stderr, status } = spawnSync(process.execPath, options, {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
  })
  if (status !== 0 && status !== 1) throw new Error(stderr)
  const { problems } = JSON.parse(stdout) as {
    problems: { ruleId: string; location: { pointer?: string }[] }[]
  }
  return problems.map(({ ruleId, location }) => `${ruleId} at ${location[0]?.pointer}`)
}

const describe = (over: Partial<ApiDescription>) =>
  describeApi({ ...DEFAULTS, hasAccounts: true, fields: noProfileFields, ...over })

const fields = readProfileFields(
  Type.Object({
    bio: Type.Optional(Type.String({ maxLength: 500 })),
    locale: Type.Union([Type.Literal('en'), Type.Literal('de')])
  })
)

t.test('the document keeps to the rules, whatever is set', async (t) => {
  for (const [name, over] of Object.entries<Partial<ApiDescription>>({
    'by default': {},
    'all that is off by default': { libravatar: true, fields },
    'all off that can be off': {
      apiPrefix: '',
      signUpOpen: false,
      avatarById: false,
      refreshRotation: false,
      rateLimit: false
    },
    'users from elsewhere': { hasAccounts: false }
  }))
    await t.test(name, async (t) => t.strictSame(problemsOf(t, await describe(over)), []))
})

t.test('the rules notice what is missing', async (t) => {
  const document = JSON.parse(readFileSync(`${root}/openapi.json`, 'utf8'))
  const { get } = document.paths['/api/profile/']
  delete get.description
  delete get.responses[200]
  delete get.responses[401].headers
  get.security = [{ noScheme: [] }]
  const at = '#/paths/~1api~1profile~1/get'
  t.strictSame(problemsOf(t, document).sort(), [
    `operation-description at ${at}/description`,
    `response-contains-header at ${at}/responses/401/headers`,
    `rule/operation-success-response at ${at}/responses`,
    `security-defined at ${at}/security/0/noScheme`
  ])
})
