import type { FastifyReply, FastifyRequest } from 'fastify'
import { isAny, matchesTag, namesTag, readTags } from '../src/entity-tags.ts'
import { errors } from '../src/errors.ts'
import type { UpdateCondition } from '../src/users/profiles.ts'
import type { User } from '../src/users/user.ts'
import { rememberedVersion } from '../src/users/user-version.ts'

/** The state that a tag of ours names. */
const TAG = /^"([\w-]+)"$/

/** What the `If-Match` of an update asks for (RFC 9110, 13.1.1). Weak tags and what is no list of tags are no user's state. */
export function readIfMatch({ headers }: FastifyRequest): UpdateCondition {
  const condition = headers['if-match']
  // Whoever may update a user has found one.
  if (condition === undefined || isAny(condition)) return {}
  return { ifVersion: readTags(condition).flatMap((tag) => TAG.exec(tag)?.[1] ?? []) }
}

/** Names the state that the answer shows, as `userVersion` has it (RFC 9110, 8.8.3). */
export function tagUser(reply: FastifyReply, version: string): void {
  reply.header('etag', `"${version}"`)
}

/**
 * Judges the conditions of a `GET` or `HEAD`, and names the user's state.
 * @returns whether its client has the user already: then it is a 304 (RFC 9110, 13.2.2)
 * @throws `precondition_failed` (412)
 */
export function isKnownUser({ headers }: FastifyRequest, reply: FastifyReply, user: User): boolean {
  const version = rememberedVersion(user)
  const etag = `"${version}"`
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers
  if (ifMatch !== undefined && !matchesTag(ifMatch, etag)) throw errors.preconditionFailed()
  tagUser(reply, version)
  return namesTag(ifNoneMatch, etag)
}
