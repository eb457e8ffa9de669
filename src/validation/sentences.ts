import type { ErrorObject } from 'ajv'
import type { FieldErrors } from '../errors.ts'

const INVALID_EMAIL = 'This field must be a valid email address.'
const INVALID_USERNAME =
  'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.'
const BLANK = 'This field may not be blank.'

/** Each failed keyword in Django REST Framework's words. `data` is the value, `parentSchema` the field's schema. */
const sentences: Record<string, (error: ErrorObject) => string> = {
  required: () => 'This field is required.',
  type: ({ data, parentSchema }) => {
    if (data === null) return 'This field may not be null.'
    return parentSchema?.format === 'email' ? INVALID_EMAIL : 'Not a valid string.'
  },
  minLength: () => BLANK,
  maxLength: ({ params }) => `Ensure this field has no more than ${params.limit} characters.`,
  format: ({ params }) => (params.format === 'email' ? INVALID_EMAIL : INVALID_USERNAME),
  noNul: () => 'Null characters are not allowed.',
  wellFormed: ({ data }) => `Surrogate characters are not allowed: U+${loneSurrogate(String(data))}.`,
  uploadedFile: () => 'The submitted data was not a file. Check the encoding type on the form.',
  notEmptyFile: () => 'The submitted file is empty.'
}

/** Ajv's errors as the interface reports them: every field, with each of its sentences once. */
export function fieldErrors(failures: readonly ErrorObject[]): FieldErrors {
  const fields: FieldErrors = {}
  for (const failure of failures) {
    // It only says that its `then` failed, which has errors of its own.
    if (failure.keyword === 'if') continue
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
