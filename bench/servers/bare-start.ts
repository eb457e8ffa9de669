// A Fastify app that registers the official plugins that the service registers, and does nothing with them.
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import fastifyJwt from '@fastify/jwt'
import fastifyMultipart from '@fastify/multipart'
import fastifyRateLimit from '@fastify/rate-limit'
import fastifyStatic from '@fastify/static'
import Fastify from 'fastify'

mkdirSync('media', { recursive: true })
const app = Fastify({ logger: true })
await app.register(fastifyJwt, { secret: process.env.JWT_SECRET ?? '' })
await app.register(fastifyMultipart)
await app.register(fastifyRateLimit, { global: false })
await app.register(fastifyStatic, { root: resolve('media'), prefix: '/media/' })
app.get('/', async () => ({ hello: 'world' }))
await app.listen({ port: Number(process.env.PORT) })
