import { errors, type FieldErrors } from '../errors.ts'
import type { IdentityField } from './identity.ts'
import { IdentityTakenError } from './user-store.ts'

const sentences: Record<IdentityField, string> = {
  username: 'A user with that username already exists.',
  email: 'A user with that email already exists.'
}

/** A store's refusal of a name as the interface reports it; any other error as it is. */
export function explainTaken(error: unknown): unknown {
  return error instanceof IdentityTakenError ? errors.invalidFields(describeTaken(error.fields)) : error
}

export function describeTaken(fields: readonly IdentityField[]): FieldErrors {
  return Object.fromEntries(fields.map((field) => [field, [sentences[field]]]))
}
