import { Type } from '@sinclair/typebox'
import type { ProfileTexts } from '../../src/users/user.ts'
import { Email, FirstName, LastName, NumberPhone, Username } from './fields.ts'

/** What may be changed of a profile but for its picture. */
export const TextsBody = Type.Partial(
  Type.Object({
    username: Username,
    email: Email,
    first_name: FirstName,
    last_name: LastName,
    number_phone: NumberPhone
  })
)

interface TextFields {
  username?: string
  email?: string
  first_name?: string
  last_name?: string
  number_phone?: string | null
}

/** The interface's names to ours; absent fields stay absent. */
export function readTexts(body: TextFields): Partial<ProfileTexts> {
  const texts: Partial<ProfileTexts> = {}
  if (body.username !== undefined) texts.username = body.username
  if (body.email !== undefined) texts.email = body.email
  if (body.first_name !== undefined) texts.firstName = body.first_name
  if (body.last_name !== undefined) texts.lastName = body.last_name
  if (body.number_phone !== undefined) texts.numberPhone = body.number_phone
  return texts
}
