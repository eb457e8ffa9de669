import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { discardUpload, isUploadedFile } from '../src/avatars/uploaded-file.ts'
import { userVersion } from '../src/users/user-version.ts'
import { judgedBody } from './judged-body.ts'
import { currentUser, IdParams, requireOwnAccount } from './own-account.ts'
import type { FormRouteOptions } from './route-options.ts'
import { AvatarFile } from './schemas/fields.ts'
import { bearerOperation } from './schemas/operation.ts'
import { readExtra, withFields } from './schemas/profile-fields.ts'
import { Detail, updateResponses } from './schemas/responses.ts'
import { readTexts, TextsBody } from './schemas/texts.ts'
import { readIfMatch, tagUser } from './user-tags.ts'

const UpdateBody = Type.Object({ ...TextsBody.properties, avatar: Type.Optional(AvatarFile) })

/** `PUT` and `PATCH /profile/{id}/update/`: the documented update, avatar included. */
const profileUpdate: FastifyPluginAsyncTypebox<FormRouteOptions> = async (
  app,
  { profiles, present, avatarMaxBytes, fields, responses, limitRate, authenticate, limitUser, readForm }
) => {
  for (const [method, operationId] of [
    ['PUT', 'updateProfile'],
    ['PATCH', 'patchProfile']
  ] as const) {
    app.route({
      method,
      url: '/profile/:id/update/',
      schema: bearerOperation(
        {
          operationId,
          summary: 'Update the authenticated user profile, avatar included',
          description:
            'All fields are optional; what is absent stays. Written whole or not at all, with every invalid field reported at once. Unknown and read-only fields are ignored. PUT and PATCH are the same.',
          tags: ['Profile'],
          userTag: 'If-Match'
        },
        {
          params: IdParams,
          body: withFields(UpdateBody, fields, { partial: true }),
          response: { 200: responses.user, ...updateResponses, 412: Detail }
        }
      ),
      onRequest: [limitRate('update'), authenticate, limitUser('update'), requireOwnAccount(profiles)],
      preValidation: readForm({ fileField: 'avatar', maxFileBytes: avatarMaxBytes }),
      // The picture and the uniqueness of names are judged too before anything is refused: all is reported at once.
      attachValidation: true,
      handler: async (request, reply) => {
        try {
          const { valid, invalid } = judgedBody(request)
          const extra = readExtra(fields, valid)
          const draft = { texts: readTexts(valid), extra, avatar: valid.avatar, invalid }
          const user = await profiles.update(currentUser(request), draft, readIfMatch(request))
          tagUser(reply, userVersion(user))
          return present.user(user)
        } finally {
          await discardAvatar(request)
        }
      }
    })
  }
}

export default profileUpdate

/** Whatever became of the request, the file that came with it goes; where it can't yet, it is removed later. */
async function discardAvatar({ body, log }: FastifyRequest<{ Body: { avatar?: unknown } }>): Promise<void> {
  const file = body?.avatar
  if (!isUploadedFile(file)) return
  await discardUpload(file).catch((error: unknown) =>
    log.warn({ err: error }, 'an upload could not be removed')
  )
}
