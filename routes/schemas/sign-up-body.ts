import { type Static, Type } from '@sinclair/typebox'
import type { FieldErrors } from '../../src/errors.ts'
import type { SignUpDraft } from '../../src/users/registration.ts'
import { Email, FirstName, LastName, NewPassword, NumberPhone, Username } from './fields.ts'
import { readTexts } from './texts.ts'

export const SignUpBody = Type.Object({
  username: Username,
  email: Email,
  password: NewPassword,
  first_name: Type.Optional(FirstName),
  last_name: Type.Optional(LastName),
  number_phone: Type.Optional(NumberPhone)
})

/** The draft of an account from the fields of a judged body. */
export function readSignUp(judged: {
  valid: Partial<Static<typeof SignUpBody>>
  invalid: FieldErrors
}): SignUpDraft {
  const { password, ...texts } = judged.valid
  return {
    texts: { ...readTexts(texts), ...(password !== undefined && { password }) },
    invalid: judged.invalid
  }
}
