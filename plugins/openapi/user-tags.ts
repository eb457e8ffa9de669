import type { About } from '../../routes/schemas/operation.ts'
import type { Response } from './complete-responses.ts'

type Json = Record<string, unknown>

const EXTENSION = 'x-user-tag'

const CONDITIONS = {
  'If-Match':
    'Tags of states that the update is good for, or `*`: where the profile is in no such state any more, nothing is written. Weak tags name none.',
  'If-None-Match':
    'Tags of states that the client has, or `*`: where the profile is in one of them, it is not sent again.'
} as const

/** What a route's schema has to have for `describeUserTag`. */
export function userTagSchema(userTag: About['userTag']): Json {
  if (userTag === undefined) return {}
  if (userTag === 'unconditional') return { [EXTENSION]: true }
  // Without an example: pages that try requests would send it, and be refused.
  const condition = { type: 'string', description: CONDITIONS[userTag] }
  return { [EXTENSION]: true, headers: { type: 'object', properties: { [userTag]: condition } } }
}

/** Adds the tag to those answers of an operation that name a state. */
export function describeUserTag(operation: Json & { responses: Record<string, Response> }): void {
  const isTagged = operation[EXTENSION] === true
  delete operation[EXTENSION]
  if (!isTagged) return
  for (const status of ['200', '304']) {
    const response = operation.responses[status]
    if (response) response.headers = { ...response.headers, ETag }
  }
}

const EXAMPLE = '"mK0pCrqLw3cJ8bS5vTz1Ug"'

const ETag = {
  description: 'Names the state that the profile is in: another one as soon as a field is.',
  required: true,
  schema: { type: 'string', examples: [EXAMPLE] }
}
