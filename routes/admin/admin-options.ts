import { Type } from '@sinclair/typebox'
import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import type { Actor, Administration } from '../../src/admin/administration.ts'
import type { Overview } from '../../src/admin/overview.ts'
import { isAdministrator } from '../../src/admin/permissions.ts'
import { errors } from '../../src/errors.ts'
import type { Authenticate } from '../own-account.ts'
import { currentUser } from '../own-account.ts'
import type { FormRouteOptions } from '../route-options.ts'

/** What the routes of administrators work with. */
export interface AdminRouteOptions
  extends Pick<
    FormRouteOptions,
    'authenticate' | 'limitRate' | 'limitUser' | 'present' | 'fields' | 'responses'
  > {
  administration: Administration
  overview: Overview
  service: ServiceFacts
}

/** What does not change while the service runs. */
export interface ServiceFacts {
  version: string
  /** Node's version. */
  node: string
  /** Epoch milliseconds. */
  startedAt: number
}

const ID = { description: 'A user’s id.', minimum: 1, examples: [42] }
/** A text, because what is no number is nobody's id. */
export const TargetParams = Type.Object({ id: Type.String({ documentedAs: Type.Integer(ID) }) })

/** The hooks in front of every route here. Nobody else is counted by user, or has a body read. */
export function forAdministrators({
  limitRate,
  authenticate,
  limitUser
}: Pick<AdminRouteOptions, 'limitRate' | 'authenticate' | 'limitUser'>): (
  | onRequestHookHandler
  | Authenticate
)[] {
  return [limitRate('admin'), authenticate, requireAdministrator, limitUser('admin')]
}

async function requireAdministrator(request: FastifyRequest): Promise<void> {
  if (!isAdministrator(currentUser(request))) throw errors.notAuthorized()
}

export const actorOf = (request: FastifyRequest): Actor => ({
  user: currentUser(request),
  address: request.ip
})
