import { Kind, type TObject, type TSchema, Type } from '@sinclair/typebox'
import { reasonOf } from '../config-error.ts'
import { OptionError } from '../options/option-error.ts'
import { createBodyCompiler } from './body-validator.ts'
import { prepareField } from './prepare-field.ts'

/** What a host app adds to profiles, ready for validation. */
export interface ProfileFields {
  /** By name, in their order, as bodies are judged. */
  bodies: Readonly<Record<string, TSchema>>
  /** By name, in their order, as the host wrote them. */
  written: Readonly<Record<string, TSchema>>
  /** Those that a sign-up has to have. */
  required: ReadonlySet<string>
  /** The values of a profile as answers show them: what is stored, else the schema's `default`, else null. */
  present(extra: Readonly<Record<string, unknown>> | null): Record<string, unknown>
}

/** As forms and languages have them, and never a name of `Object.prototype`. */
const NAME = /^[a-z]\w{0,63}$/i

/** What answers and errors have under these names is another thing. */
const TAKEN = new Set([
  ...['id', 'username', 'email', 'first_name', 'last_name', 'number_phone', 'avatar', 'date_joined'],
  ...['last_login', 'is_active', 'is_staff', 'is_superuser', 'password', 'current_password', 'new_password'],
  ...['refresh', 'access', 'token', 'user', 'detail', 'error', 'code', 'messages', 'non_field_errors'],
  ...Object.getOwnPropertyNames(Object.prototype)
])

/** @throws {OptionError} of `profileFields`, with the field's name */
export function readProfileFields(fields: TObject): ProfileFields {
  const given: unknown = fields
  const isObject = typeof given === 'object' && given !== null && Reflect.get(given, Kind) === 'Object'
  if (!isObject) throw new OptionError('profileFields', "expected an object of TypeBox's, Type.Object({ … })")
  const written = fields.properties
  const bodies: Record<string, TSchema> = {}
  for (const [name, schema] of Object.entries(written)) {
    if (!NAME.test(name))
      throw new OptionError('profileFields', `"${name}" is no name of letters, digits and underscores`)
    if (TAKEN.has(name)) throw new OptionError('profileFields', `the name "${name}" is taken`)
    bodies[name] = prepare(name, schema)
  }
  const shown = Object.entries(written).map(([name, schema]) => ({ name, fallback: schema.default ?? null }))
  return {
    bodies,
    written,
    required: new Set(fields.required ?? []),
    present(extra) {
      const values: Record<string, unknown> = {}
      for (const { name, fallback } of shown)
        values[name] = extra && Object.hasOwn(extra, name) ? extra[name] : fallback
      return values
    }
  }
}

/** @throws {OptionError} of a schema that can't be compiled, such as one of a format that is not known */
function prepare(name: string, schema: TSchema): TSchema {
  try {
    const prepared = prepareField(schema)
    createBodyCompiler()(Type.Object({ [name]: prepared }))
    return prepared
  } catch (error) {
    throw new OptionError('profileFields', `"${name}": ${reasonOf(error)}`)
  }
}

/** A host that adds nothing. */
export const noProfileFields: ProfileFields = {
  bodies: {},
  written: {},
  required: new Set(),
  present: () => ({})
}
