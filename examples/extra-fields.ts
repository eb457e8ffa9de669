import { Type } from '@sinclair/typebox'
import Fastify from 'fastify'
import userProfile, { defineOptions } from 'fastify-user-profile'

const { JWT_SECRET: jwtSecret = '', PORT = '3000' } = process.env
const app = Fastify({ logger: true })

// Validated, kept and shown like the others.
const profileFields = Type.Object({
  bio: Type.Optional(Type.String({ maxLength: 500 }))
})

const options = defineOptions({
  prefix: '/accounts',
  jwtSecret,
  databasePath: './data/profile.db',
  mediaRoot: './media',
  profileFields,
  onProfileUpdate(before, after) {
    if (after.bio !== before.bio) app.log.info({ userId: after.id, length: after.bio?.length }, 'a new bio')
  }
})
await app.register(userProfile, options)

await app.listen({ port: Number(PORT) })
