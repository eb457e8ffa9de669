import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { parseUserId } from '../../src/users/user.ts'
import { userVersion } from '../../src/users/user-version.ts'
import { judgedBody } from '../judged-body.ts'
import type { FormRouteOptions } from '../route-options.ts'
import { changeResponses } from '../schemas/admin.ts'
import { bearerOperation } from '../schemas/operation.ts'
import { readExtra, withFields } from '../schemas/profile-fields.ts'
import { Detail } from '../schemas/responses.ts'
import { readTexts, TextsBody } from '../schemas/texts.ts'
import { readIfMatch, tagUser } from '../user-tags.ts'
import { type AdminRouteOptions, actorOf, forAdministrators, TargetParams } from './admin-options.ts'

/** `PATCH /admin/users/{id}/`: somebody's names, email and phone, and what a host adds. */
const userUpdate: FastifyPluginAsyncTypebox<AdminRouteOptions & Pick<FormRouteOptions, 'readForm'>> = async (
  app,
  options
) => {
  const { administration, present, fields, responses, readForm } = options
  app.patch('/admin/users/:id/', {
    schema: bearerOperation(
      {
        operationId: 'updateUser',
        summary: 'Update somebody’s profile',
        description:
          'As users do it themselves, without the picture. Unknown and read-only fields are ignored. What would change nothing is no act, and not in the audit log.',
        tags: ['Administration'],
        userTag: 'If-Match'
      },
      {
        params: TargetParams,
        body: withFields(TextsBody, fields, { partial: true }),
        response: { 200: responses.user, ...changeResponses, 412: Detail }
      }
    ),
    onRequest: forAdministrators(options),
    preValidation: readForm(),
    // Whether names are taken is judged too before anything is refused: all is reported at once.
    attachValidation: true,
    handler: async (request, reply) => {
      const { valid, invalid } = judgedBody(request)
      const draft = { texts: readTexts(valid), extra: readExtra(fields, valid), invalid }
      const id = parseUserId(request.params.id)
      const user = await administration.update(actorOf(request), id, draft, readIfMatch(request))
      tagUser(reply, userVersion(user))
      return present.user(user)
    }
  })
}

export default userUpdate
