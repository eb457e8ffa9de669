import { Type } from '@sinclair/typebox'
import { AuditPage, ImportList, SessionList, StatusResponse } from '../../routes/schemas/admin.ts'
import type { UserResponses } from '../../routes/schemas/profile-fields.ts'
import {
  Detail,
  EmptyResponse,
  Failure,
  Invalid,
  RefreshedResponse,
  TokenPairResponse,
  Unauthenticated
} from '../../routes/schemas/responses.ts'
import { definition, plainSchema } from './plain-schema.ts'

const FieldErrors = Type.Record(Type.String(), Type.Array(Type.String()), {
  description:
    'Every invalid field with its sentences, all at once. `non_field_errors` are of the body as a whole.'
})

/** The shapes that have a name in the document, and those names. */
export function nameComponents({ user, signedIn, keptSession, page }: UserResponses): {
  names: Map<object, string>
  schemas: Record<string, object>
} {
  const names = new Map<object, string>([
    [user, 'User'],
    [signedIn, 'SignedIn'],
    [keptSession, 'KeptSession'],
    [TokenPairResponse, 'TokenPair'],
    [RefreshedResponse, 'RefreshedToken'],
    [EmptyResponse, 'Empty'],
    [page, 'UserPage'],
    [SessionList, 'SessionList'],
    [AuditPage, 'AuditPage'],
    [ImportList, 'ImportList'],
    [StatusResponse, 'Status'],
    [FieldErrors, 'FieldErrors'],
    [Detail, 'Detail'],
    [Failure, 'Failure'],
    [Unauthenticated, 'Unauthenticated'],
    [Invalid, 'Invalid']
  ])
  const schemas: Record<string, object> = {}
  for (const [schema, name] of names) schemas[name] = definition(schema, names)
  schemas.Invalid = {
    description: 'Invalid fields, or a sentence on the request as a whole.',
    anyOf: [FieldErrors, Detail, Failure].map((schema) => plainSchema(schema, names))
  }
  return { names, schemas }
}
