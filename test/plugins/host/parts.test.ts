import { readdirSync } from 'node:fs'
import sharp from 'sharp'
import t from 'tap'
import errorAnswers from '../../../plugins/errors.ts'
import media from '../../../plugins/media.ts'
import uploads from '../../../plugins/uploads.ts'
import { discardUpload, isUploadedFile } from '../../../src/avatars/uploaded-file.ts'
import { errors } from '../../../src/errors.ts'
import { createAvatarPipeline } from '../../../src/pictures/avatar-pipeline.ts'
import { createDiskMediaStore } from '../../../src/stores/disk/disk-media-store.ts'
import { encodeForm } from '../../helper.ts'
import { jpeg } from '../../pictures.ts'
import { hostApp } from './host-app.ts'

t.test('uploads, pictures and the pipeline make a gallery of a host’s own', async (t) => {
  const folder = t.testdir()
  const store = await createDiskMediaStore({ folder: `${folder}/pictures` })
  const pipeline = createAvatarPipeline({ maxSide: 48 })
  const app = hostApp(t)
  app.addHook('onClose', () => pipeline.close())
  await app.register(errorAnswers)
  await app.register(uploads, { folder: `${folder}/uploads` })
  await app.register(media, { media: store, mediaUrl: '/gallery/' })
  const readPicture = app.readForm({ fileField: 'picture', maxFileBytes: 100_000 })
  app.post<{ Body: { title?: string; picture?: unknown } }>(
    '/gallery',
    { preValidation: readPicture },
    async ({ body: { title, picture } }) => {
      if (!isUploadedFile(picture)) throw errors.invalidFields({ picture: ['This field is required.'] })
      try {
        return { title, key: await store.put(await pipeline.prepare(picture.path)) }
      } finally {
        await discardUpload(picture)
      }
    }
  )
  const send = async (fields: Parameters<typeof encodeForm>[0]) => {
    const { body, type } = await encodeForm(fields)
    return app.inject({
      method: 'POST',
      url: '/gallery',
      headers: { 'content-type': type },
      payload: body
    })
  }
  const sent = await send([
    ['title', 'a cat'],
    ['picture', { bytes: await jpeg() }]
  ])
  const { title, key } = sent.json()
  t.equal(title, 'a cat')
  const shown = await app.inject(`/gallery/avatars/${key}`)
  t.equal(shown.headers['content-type'], 'image/jpeg')
  const { width = 0, height = 0 } = await sharp(shown.rawPayload).metadata()
  t.equal(Math.max(width, height), 48)
  const square = await app.inject(`/gallery/avatars/${key.replace('.jpg', '@32.webp')}`)
  t.equal(square.headers['content-type'], 'image/webp')
  t.strictSame((await send([['title', 'none']])).json(), { picture: ['This field is required.'] })
  const large = await send([['picture', { bytes: Buffer.alloc(200_000, 1) }]])
  t.equal(large.statusCode, 413)
  t.strictSame(readdirSync(`${folder}/uploads`), [], 'nothing is left on its way')
  t.strictSame((await app.inject('/nothing')).json(), { detail: 'Not found.' })
})

t.test('the pipeline takes a path or bytes, refuses in a sentence, and ends its processes', async (t) => {
  const pipeline = createAvatarPipeline({ maxSide: 40, maxPixels: 1_000_000 })
  const picture = await pipeline.prepare(await jpeg())
  t.equal(picture.format, 'jpg')
  const { width, height, exif } = await sharp(picture.bytes).metadata()
  t.equal(Math.max(width ?? 0, height ?? 0), 40)
  t.equal(exif, undefined)
  const square = await pipeline.square(picture.bytes, 32)
  t.match(await sharp(square).metadata(), { width: 32, height: 32, format: 'webp' })
  await t.rejects(pipeline.prepare(Buffer.from('no picture')), {
    name: 'InvalidPictureError',
    message: /Upload a valid image/
  })
  const huge = await sharp({ create: { width: 2000, height: 2000, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  await t.rejects(pipeline.prepare(huge), { message: 'Ensure the image has no more than 1000000 pixels.' })
  await pipeline.close()
  await t.rejects(pipeline.prepare(await jpeg()), { message: 'unavailable' })
})
