import { type Static, type TObject, type TSchema, Type } from '@sinclair/typebox'
import type { ProfileExtra } from '../../src/users/user.ts'
import type { ProfileFields } from '../../src/validation/profile-fields.ts'
import { Next } from './admin.ts'
import { KeptSessionResponse, SignedInResponse, UserResponse } from './responses.ts'

/** The user as answers show it where a host adds fields: what is stored, or the schema's `default`, or null. */
export type ProfileOf<Fields extends TObject> = Static<typeof UserResponse> & {
  [Name in keyof Static<Fields>]-?: Exclude<Static<Fields>[Name], undefined> | null
}

/** A body's schema with a host's fields. */
export function withFields<Body extends TObject>(
  body: Body,
  { bodies, required }: ProfileFields,
  { partial }: { partial: boolean }
): Body {
  const added = Object.entries(bodies).map(([name, schema]) => [
    name,
    !partial && required.has(name) ? schema : Type.Optional(schema)
  ])
  if (added.length === 0) return body
  const properties: Record<string, TSchema> = { ...body.properties, ...Object.fromEntries(added) }
  // The host's fields are read by their names; what the routes know is what they knew.
  return Type.Object(properties) as TObject as Body
}

/** The valid ones of a host's fields in a body; undefined where there are none. */
export function readExtra({ bodies }: ProfileFields, valid: object): ProfileExtra | undefined {
  const given = Object.entries(valid).filter(([name]) => Object.hasOwn(bodies, name))
  return given.length === 0 ? undefined : Object.fromEntries(given)
}

export interface UserResponses {
  user: typeof UserResponse
  signedIn: typeof SignedInResponse
  keptSession: typeof KeptSessionResponse
  page: typeof UserPage
}

/** A page of users. */
const UserPage = Type.Object({ results: Type.Array(UserResponse), next: Next })

/**
 * The answers that show a user. A host's fields are written as they are: an older value may not be what the schema of today
 * takes. What they are meant to be is under `documentedAs`.
 */
export function userResponses({ written }: ProfileFields): UserResponses {
  const added = Object.entries(written).map(([name, schema]) => [
    name,
    Type.Unsafe({ documentedAs: Type.Union([schema, Type.Null()]) })
  ])
  if (added.length === 0)
    return {
      user: UserResponse,
      signedIn: SignedInResponse,
      keptSession: KeptSessionResponse,
      page: UserPage
    }
  const properties: Record<string, TSchema> = { ...UserResponse.properties, ...Object.fromEntries(added) }
  const user = Type.Object(properties) as TObject as typeof UserResponse
  return {
    user,
    signedIn: Type.Object({ ...SignedInResponse.properties, user }),
    keptSession: Type.Object({ ...KeptSessionResponse.properties, user }),
    page: Type.Object({ results: Type.Array(user), next: Next })
  }
}
