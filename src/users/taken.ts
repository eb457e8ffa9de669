import type { FieldErrors } from '../errors.ts'
import type { IdentityField } from './identity.ts'

const sentences: Record<IdentityField, string> = {
  username: 'A user with that username already exists.',
  email: 'A user with that email already exists.'
}

export function describeTaken(fields: readonly IdentityField[]): FieldErrors {
  return Object.fromEntries(fields.map((field) => [field, [sentences[field]]]))
}
