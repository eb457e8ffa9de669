import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Static } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { discardUpload, isUploadedFile } from '../src/avatars/uploaded-file.ts'
import type { ProfileDraft } from '../src/users/profiles.ts'
import { InvalidBodyError } from '../src/validation/body-validator.ts'
import { currentUser, IdParams, requireOwnAccount } from './own-account.ts'
import { UserAnswer, updateAnswers } from './schemas/answers.ts'
import { AvatarFile, Email, FirstName, LastName, NumberPhone, partial, Username } from './schemas/fields.ts'
import { readTexts } from './schemas/texts.ts'
import type { RouteOptions } from './services.ts'

const UpdateBody = partial({
  username: Username,
  email: Email,
  first_name: FirstName,
  last_name: LastName,
  number_phone: NumberPhone,
  avatar: AvatarFile
})

/** `PUT` and `PATCH /profile/{id}/update/`: the documented update, avatar included. */
const profileUpdate: FastifyPluginAsyncTypebox<RouteOptions> = async (
  app,
  { profiles, present, avatarMaxBytes }
) => {
  app.route({
    method: ['PUT', 'PATCH'],
    url: '/profile/:id/update/',
    config: app.limitRate(300),
    schema: { params: IdParams, body: UpdateBody, response: { 200: UserAnswer, ...updateAnswers } },
    onRequest: [app.authenticate, requireOwnAccount(profiles)],
    preValidation: app.readForm({ fileField: 'avatar', maxFileBytes: avatarMaxBytes }),
    // The picture and the uniqueness of names are judged too before anything is refused: all is reported at once.
    attachValidation: true,
    handler: async (request) => {
      try {
        return present.user(await profiles.update(currentUser(request), draftOf(request)))
      } finally {
        await discardUploads(request)
      }
    }
  })
}

export default profileUpdate

function draftOf({
  body,
  validationError
}: FastifyRequest<{ Body: Static<typeof UpdateBody> }>): ProfileDraft {
  if (!validationError) return { texts: readTexts(body), avatar: body.avatar, invalid: {} }
  if (!(validationError instanceof InvalidBodyError)) throw validationError
  const valid: Static<typeof UpdateBody> = validationError.valid
  return { texts: readTexts(valid), avatar: valid.avatar, invalid: validationError.fields }
}

/** Whatever became of the request, the file that came with it goes; where it can't yet, it is removed later. */
async function discardUploads({ body, log }: FastifyRequest): Promise<void> {
  for (const value of Object.values(body ?? {})) {
    if (!isUploadedFile(value)) continue
    await discardUpload(value).catch((error: unknown) =>
      log.warn({ err: error }, 'an upload could not be removed')
    )
  }
}
