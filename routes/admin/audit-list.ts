import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { parseUserId, type UserId } from '../../src/users/user.ts'
import { AuditPage, listResponses, pageParameters } from '../schemas/admin.ts'
import { bearerOperation } from '../schemas/operation.ts'
import { type AdminRouteOptions, forAdministrators } from './admin-options.ts'
import { cursorOf, writeCursor } from './cursor.ts'
import { type Parse, queryReader, readLimit } from './read-query.ts'

const AuditQuery = Type.Object({
  user: Type.Optional(
    Type.Unknown({
      documentedAs: Type.Integer({
        description: 'Only acts upon the user of this id, who may be gone.',
        minimum: 1,
        examples: [42]
      })
    })
  ),
  ...pageParameters
})

/** `GET /admin/audit/?user=…`: what administrators did, the newest first; by pages. */
const auditList: FastifyPluginAsyncTypebox<AdminRouteOptions> = async (app, options) => {
  const { overview, present } = options
  app.get('/admin/audit/', {
    schema: bearerOperation(
      {
        operationId: 'listActs',
        summary: 'What administrators did, newest first',
        description:
          'Every act that was allowed, written down before it was done. `begun`: nobody could write down what came of it; it may have happened.',
        tags: ['Administration']
      },
      { querystring: AuditQuery, response: { 200: AuditPage, ...listResponses } }
    ),
    onRequest: forAdministrators(options),
    handler: async ({ query }) => {
      const reader = queryReader(query)
      const limit = readLimit(reader)
      const target = reader.read('user', userId)
      const before = reader.read('cursor', cursorOf('id', parseUserId))
      reader.check()
      const { acts, next } = await overview.acts(
        { ...(target !== undefined && { target }), ...(before !== undefined && { before }) },
        limit
      )
      return {
        results: acts.map(({ id, at, actor, target, action, address, outcome, changes }) => ({
          id,
          at: present.time(at),
          actor: { id: actor.id, username: actor.username },
          target: { id: target.id, username: target.username },
          action,
          address,
          outcome,
          changes
        })),
        next: next === undefined ? null : writeCursor('id', next)
      }
    }
  })
}

export default auditList

const userId: Parse<UserId> = (text) => {
  const value = parseUserId(text)
  return value === undefined ? { refusal: 'A valid integer is required.' } : { value }
}
