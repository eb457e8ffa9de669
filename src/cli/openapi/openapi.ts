import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { describeApi } from '../../../plugins/openapi/describe-api.ts'
import { readSettings } from '../../config.ts'
import { reasonOf } from '../../config-error.ts'
import { noProfileFields } from '../../validation/profile-fields.ts'
import { Refusal, runCommand } from '../command.ts'

const USAGE = `fastify-user-profile openapi [options]

Describes the service's interface by its settings, as an OpenAPI 3.1 document in JSON. DATABASE_URL is not opened.

  --output FILE  writes it there instead of to standard output
  --help         this

Exit code: 0 there it is; 2 it could not be written.
`

/** `fastify-user-profile openapi`: answers its exit code. */
export const runOpenapi = (args: string[]): Promise<number> => runCommand(USAGE, args, () => describe(args))

async function describe(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { output: { type: 'string' } } })
  const settings = readSettings()
  const hasAccounts = settings.jwks === undefined
  const document = await describeApi({ ...settings, hasAccounts, fields: noProfileFields })
  const text = `${JSON.stringify(document, undefined, 2)}\n`
  if (values.output === undefined) {
    process.stdout.write(text)
    return
  }
  try {
    writeFileSync(values.output, text)
  } catch (error) {
    throw new Refusal(`${values.output} can't be written: ${reasonOf(error)}`, 2)
  }
}
