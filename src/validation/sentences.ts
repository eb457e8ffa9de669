import type { ErrorObject } from 'ajv'
import type { FieldErrors } from '../errors.ts'
import { pythonTypeName } from './python-type-name.ts'

const INVALID_EMAIL = 'This field must be a valid email address.'
const INVALID_USERNAME =
  'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.'
const BLANK = 'This field may not be blank.'

const TYPES: Record<string, (data: unknown) => string> = {
  string: () => 'Not a valid string.',
  integer: () => 'A valid integer is required.',
  number: () => 'A valid number is required.',
  boolean: () => 'Must be a valid boolean.',
  array: (data) => `Expected a list of items but got type "${pythonTypeName(data)}".`,
  object: (data) => `Expected a dictionary of items but got type "${pythonTypeName(data)}".`
}

const FORMATS: Record<string, string> = {
  email: INVALID_EMAIL,
  username: INVALID_USERNAME,
  uri: 'Enter a valid URL.',
  url: 'Enter a valid URL.',
  uuid: 'Must be a valid UUID.',
  ipv4: 'Enter a valid IPv4 address.',
  ipv6: 'Enter a valid IPv6 address.',
  date: 'Date has wrong format. Use one of these formats instead: YYYY-MM-DD.',
  time: 'Time has wrong format. Use one of these formats instead: hh:mm:ss[.uuuuuu][+HH:MM|-HH:MM|Z].',
  'date-time':
    'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm:ss[.uuuuuu][+HH:MM|-HH:MM|Z].'
}

/** Each failed keyword in Django REST Framework's words. `data` is the value, `parentSchema` the field's schema. */
const sentences: Record<string, (error: ErrorObject) => string> = {
  required: ({ instancePath, params }) =>
    instancePath === '' ? 'This field is required.' : `"${params.missingProperty}" is required.`,
  type: ({ data, parentSchema }) => {
    if (data === null) return 'This field may not be null.'
    if (parentSchema?.format === 'email') return INVALID_EMAIL
    const [type] = [parentSchema?.type].flat()
    return TYPES[type]?.(data) ?? 'Not a valid value.'
  },
  minLength: ({ data, params }) =>
    data === '' ? BLANK : `Ensure this field has at least ${params.limit} characters.`,
  maxLength: ({ params }) => `Ensure this field has no more than ${params.limit} characters.`,
  pattern: () => 'This value does not match the required pattern.',
  format: ({ params }) => FORMATS[params.format] ?? 'Enter a valid value.',
  enum: ({ data }) => `"${shown(data)}" is not a valid choice.`,
  minimum: ({ params }) => `Ensure this value is greater than or equal to ${params.limit}.`,
  maximum: ({ params }) => `Ensure this value is less than or equal to ${params.limit}.`,
  exclusiveMinimum: ({ params }) => `Ensure this value is greater than ${params.limit}.`,
  exclusiveMaximum: ({ params }) => `Ensure this value is less than ${params.limit}.`,
  multipleOf: ({ params }) => `Ensure this value is a multiple of step size ${params.multipleOf}.`,
  minItems: ({ params }) => `Ensure this field has at least ${params.limit} elements.`,
  maxItems: ({ params }) => `Ensure this field has no more than ${params.limit} elements.`,
  uniqueItems: () => 'Ensure no element comes twice.',
  additionalProperties: ({ params }) => `"${shown(params.additionalProperty)}" is not a known name.`,
  anyOf: () => 'Not a valid value.',
  maxBytes: ({ params, schema }) => `Ensure this field has no more than ${params.limit ?? schema} bytes.`,
  noNul: () => 'Null characters are not allowed.',
  wellFormed: ({ data }) => `Surrogate characters are not allowed: U+${loneSurrogate(String(data))}.`,
  uploadedFile: () => 'The submitted data was not a file. Check the encoding type on the form.',
  notEmptyFile: () => 'The submitted file is empty.'
}

const MAX_SHOWN_CHARACTERS = 100

/** What a client sent, as its refusal shows it. */
function shown(value: unknown): string {
  if (value === null) return 'None'
  const text = typeof value === 'object' ? pythonTypeName(value) : String(value)
  return text.slice(0, MAX_SHOWN_CHARACTERS).toWellFormed()
}

/** In a schema's path: one of the schemas of which any will do. */
const BRANCH = /\/anyOf\/\d+\//

/** Ajv's errors as the interface reports them: every field, with each of its sentences once. */
export function fieldErrors(failures: readonly ErrorObject[]): FieldErrors {
  const fields: FieldErrors = {}
  for (const failure of failures) {
    // It only says that its `then` failed, which has errors of its own; and that no branch fits, its `anyOf` says.
    if (failure.keyword === 'if' || BRANCH.test(failure.schemaPath)) continue
    const name = fieldName(failure)
    const sentence = (sentences[failure.keyword] ?? (() => failure.message ?? 'Invalid value.'))(failure)
    const known = Object.hasOwn(fields, name) ? (fields[name] ?? []) : []
    if (!known.includes(sentence)) fields[name] = [...known, sentence]
  }
  // Of a blank text nothing else is worth saying.
  for (const [name, said] of Object.entries(fields)) if (said.includes(BLANK)) fields[name] = [BLANK]
  return fields
}

function fieldName({ instancePath, keyword, params }: ErrorObject): string {
  const path = keyword === 'required' ? `${instancePath}/${params.missingProperty}` : instancePath
  return path.split('/')[1] || 'non_field_errors'
}

function loneSurrogate(text: string): string {
  const match = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(text)
  return match ? match[0].charCodeAt(0).toString(16).toUpperCase() : ''
}
