import type { FieldErrors } from '../src/errors.ts'
import { InvalidBodyError } from '../src/validation/body-validator.ts'

/**
 * The valid fields of a body and what is wrong with the others, for routes with `attachValidation`: they have more to
 * judge, and report everything at once.
 * @throws the validation's error where the body is no object at all
 */
export function judgedBody<Body extends object>({
  body,
  validationError
}: {
  body: Body
  validationError?: Error | undefined
}): { valid: Partial<Body>; invalid: FieldErrors } {
  if (!validationError) return { valid: body, invalid: {} }
  if (!(validationError instanceof InvalidBodyError)) throw validationError
  // The validator let through only fields of the body's schema.
  return { valid: validationError.valid as Partial<Body>, invalid: validationError.fields }
}
