import type { TObject } from '@sinclair/typebox'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { isUploadedFile } from '../avatars/uploaded-file.ts'
import { errors, type FieldErrors, ServiceError } from '../errors.ts'
import { compileNormaliser } from './normalise.ts'
import { pythonTypeName } from './python-type-name.ts'
import { fieldErrors } from './sentences.ts'
import { isEmail, isUsername } from './text-formats.ts'

/** A body with fields that are not valid. A route that has more to judge asks for it (`attachValidation`). */
export class InvalidBodyError extends ServiceError {
  readonly fields: FieldErrors
  /** The valid fields. */
  readonly valid: Record<string, unknown>

  constructor(fields: FieldErrors, valid: Record<string, unknown>) {
    super(errors.invalidFields(fields))
    this.fields = fields
    this.valid = valid
  }
}

type Validated = { value: unknown } | { error: Error }

/**
 * Compiles TypeBox schemas into validators that answer as Django REST Framework does. Coercion and the removal of
 * unknown fields are the normaliser's, because Ajv's would turn `true` into a text and null into a blank one.
 */
export function createBodyCompiler(): (schema: TObject) => (body: unknown) => Validated {
  // Strict mode refuses unknown keywords, and TypeBox's types wrong values of known ones; Ajv would compile the whole
  // meta-schema to check that once more.
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strictTypes: false,
    validateSchema: false,
    code: { optimize: false }
  })
  ajv.addVocabulary(['trim', 'normalise', 'extraField'])
  addFormats.default(ajv)
  ajv.addFormat('email', isEmail)
  ajv.addFormat('username', isUsername)
  ajv.addKeyword({
    keyword: 'noNul',
    type: 'string',
    validate: (_: boolean, text: string) => !text.includes('\0')
  })
  ajv.addKeyword({
    keyword: 'wellFormed',
    type: 'string',
    validate: (_: boolean, text: string) => text.isWellFormed()
  })
  ajv.addKeyword({
    keyword: 'uploadedFile',
    validate: (_: boolean, value: unknown) => value === null || isUploadedFile(value)
  })
  ajv.addKeyword({
    keyword: 'notEmptyFile',
    validate: (_: boolean, value: unknown) => !isUploadedFile(value) || value.bytes > 0
  })
  ajv.addKeyword({
    keyword: 'maxBytes',
    validate: (max: number, value: unknown) => bytesOf(value) <= max
  })

  return (schema) => {
    const normalise = compileNormaliser(schema)
    const validate = ajv.compile(schema)
    return (body) => {
      if (typeof body !== 'object' || body === null || Array.isArray(body))
        return { error: notAnObject(body) }
      return judge(validate, normalise(body))
    }
  }
}

function judge(validate: ValidateFunction, value: Record<string, unknown>): Validated {
  if (validate(value)) return { value }
  const fields = fieldErrors(validate.errors ?? [])
  const valid = Object.fromEntries(Object.entries(value).filter(([name]) => !Object.hasOwn(fields, name)))
  return { error: new InvalidBodyError(fields, valid) }
}

/** Of a value as JSON; of one that is nested too deep to be written, endlessly many. */
function bytesOf(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value))
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

function notAnObject(body: unknown): Error {
  const sentence =
    body === null
      ? 'No data provided'
      : `Invalid data. Expected a dictionary, but got ${pythonTypeName(body)}.`
  return errors.invalidFields({ non_field_errors: [sentence] })
}
